"""Patterns of einops over what lies otherwise than row by row."""
from torch import nn
from einops import rearrange, repeat


class Heads(nn.Module):
    def __init__(self, dim, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Conv2d(dim, 3 * dim, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = rearrange(self.qkv(x), 'b (t e d) h w -> t b e (h w) d', t=3, e=self.heads)
        attn = (q @ k.transpose(-2, -1)).softmax(-1)
        out = rearrange(attn @ v, 'b e (h w) d -> b (e d) h w', h=h, w=w)
        return out


class Back(nn.Module):
    def forward(self, x):
        y = rearrange(x, 'b c h w -> b (h w) c')
        z = rearrange(y, 'b n (e d) -> b e n d', e=4)
        t = z.transpose(1, 2)
        u = rearrange(t, 'b n e d -> b n (e d)')
        s = rearrange(u.transpose(1, 2), 'b (e d) n -> b e d n', e=2)
        r = rearrange(s, 'b e d n -> (b e) (d n)')
        return r * 2


class Repeated(nn.Module):
    def forward(self, x):
        y = repeat(x, 'b c h w -> b r c (h w)', r=3)
        z = repeat(x.transpose(2, 3), 'b c w h -> b c (w r) h', r=2)
        return y.sum() + z.sum()
