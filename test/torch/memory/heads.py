"""torch's own attention of many heads and its transformer layers: `heads.jsonl` has what they hold."""
import torch.nn as nn
import torch.nn.functional as F


class Self(nn.Module):
    def __init__(self, dim, heads=4, **kw):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, heads, **kw)

    def forward(self, x):
        y, w = self.attn(x, x, x)
        return y


class SelfNoWeights(nn.Module):
    def __init__(self, dim, heads=4, **kw):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, heads, **kw)

    def forward(self, x):
        return self.attn(x, x, x, need_weights=False)[0]


class Both(nn.Module):
    def __init__(self, dim, heads=4, average=True, **kw):
        super().__init__()
        self.average = average
        self.attn = nn.MultiheadAttention(dim, heads, **kw)

    def forward(self, x):
        return self.attn(x, x, x, average_attn_weights=self.average)


class Cross(nn.Module):
    def __init__(self, dim, heads=4, weights=True, **kw):
        super().__init__()
        self.weights = weights
        self.attn = nn.MultiheadAttention(dim, heads, **kw)

    def forward(self, q, kv):
        return self.attn(q, kv, kv, need_weights=self.weights)[0]


class Three(nn.Module):
    def __init__(self, dim, heads=4, **kw):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, heads, **kw)

    def forward(self, q, k, v):
        out, attn = self.attn(q, k, v)
        return out, attn


class Masked(nn.Module):
    def __init__(self, dim, heads=4, weights=True, **kw):
        super().__init__()
        self.weights = weights
        self.attn = nn.MultiheadAttention(dim, heads, **kw)

    def forward(self, x, mask, pad=None):
        return self.attn(x, x, x, attn_mask=mask, key_padding_mask=pad, need_weights=self.weights)[0]


class Image(nn.Module):
    def __init__(self, c, heads=4):
        super().__init__()
        self.norm = nn.GroupNorm(4, c)
        self.mha = nn.MultiheadAttention(c, heads, batch_first=True)
        self.ff = nn.Sequential(nn.LayerNorm(c), nn.Linear(c, c), nn.GELU(), nn.Linear(c, c))

    def forward(self, x):
        b, c, h, w = x.shape
        t = self.norm(x).view(b, c, h * w).swapaxes(1, 2)
        a, _ = self.mha(t, t, t)
        a = a + t
        a = self.ff(a) + a
        return a.swapaxes(2, 1).view(b, c, h, w)


class EncoderLayer(nn.Module):
    def __init__(self, dim, **kw):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(dim, 4, 2 * dim, **kw)

    def forward(self, x):
        return self.layer(x)


class Encoder(nn.Module):
    def __init__(self, dim, n=2, **kw):
        super().__init__()
        self.enc = nn.TransformerEncoder(nn.TransformerEncoderLayer(dim, 4, 2 * dim, **kw), n, norm=nn.LayerNorm(dim), enable_nested_tensor=False)

    def forward(self, x):
        return self.enc(x)


class DecoderLayer(nn.Module):
    def __init__(self, dim, **kw):
        super().__init__()
        self.layer = nn.TransformerDecoderLayer(dim, 4, 2 * dim, **kw)

    def forward(self, x, m):
        return self.layer(x, m)


class Detr(nn.Module):
    def __init__(self, d, heads=4):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(d, heads, dropout=0.1)
        self.linear1 = nn.Linear(d, 2 * d)
        self.dropout = nn.Dropout(0.1)
        self.linear2 = nn.Linear(2 * d, d)
        self.norm1, self.norm2 = nn.LayerNorm(d), nn.LayerNorm(d)
        self.dropout1, self.dropout2 = nn.Dropout(0.1), nn.Dropout(0.1)

    def with_pos_embed(self, tensor, pos):
        return tensor if pos is None else tensor + pos

    def forward(self, src, pos):
        q = k = self.with_pos_embed(src, pos)
        src2 = self.self_attn(q, k, value=src)[0]
        src = src + self.dropout1(src2)
        src = self.norm1(src)
        src2 = self.linear2(self.dropout(F.relu(self.linear1(src))))
        src = src + self.dropout2(src2)
        src = self.norm2(src)
        return src
