"""Modules that write over views, repeat heads, add products in place and carry maps through convolutions and inverses."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange, repeat, reduce


class ScaleView(nn.Module):
    """q *= scale on a rearranged view of one linear; masked_fill_ on an einsum"""

    def __init__(self, d, heads=4):
        super().__init__()
        self.h = heads
        self.q = nn.Linear(d, d)
        self.kv = nn.Linear(d, 2 * d, bias=False)
        self.o = nn.Linear(d, d)

    def forward(self, x):
        q = rearrange(self.q(x), 'b n (h d) -> b h n d', h=self.h)
        q *= q.shape[-1] ** -0.5
        k, v = map(lambda t: rearrange(t, 'b n (h d) -> b h n d', h=self.h), self.kv(x).chunk(2, dim=-1))
        dots = torch.einsum('bhid,bhjd->bhij', q, k)
        mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1)
        dots.masked_fill_(mask, -torch.finfo(dots.dtype).max)
        attn = dots.softmax(dim=-1)
        out = torch.einsum('bhij,bhjd->bhid', attn, v)
        out = rearrange(out, 'b h n d -> b n (h d)')
        return self.o(out)


class LinMul(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.f = nn.Linear(d, 4 * d)
        self.g = nn.Linear(4 * d, d)
        self.gamma = nn.Parameter(torch.ones(d))

    def forward(self, x):
        y = F.relu(self.f(x), inplace=True)
        y = self.g(y).mul_(self.gamma)
        return y.add_(x)


class SliceWrite(nn.Module):
    """shift: part of a fresh tensor is overwritten"""

    def __init__(self, c):
        super().__init__()
        self.c = nn.Conv2d(c, c, 1)
        self.q = nn.Conv2d(c, c // 4, 1)

    def forward(self, x):
        y = self.c(x)
        g = y.shape[1] // 4
        z = torch.zeros_like(y)
        z[:, :g, :, :-1] = y[:, :g, :, 1:]
        z[:, g:2 * g, :, 1:] = y[:, g:2 * g, :, :-1]
        z[:, 2 * g:] = y[:, 2 * g:]
        return x * torch.sigmoid(z)


class RopeParts(nn.Module):
    """q, k from one unbind; rotary by cat of parts; sdpa written out"""

    def __init__(self, d, heads=4):
        super().__init__()
        self.h = heads
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.o = nn.Linear(d, d, bias=False)

    def rot(self, t, cos, sin):
        t1, t2 = t[..., ::2], t[..., 1::2]
        return torch.stack((t1 * cos - t2 * sin, t1 * sin + t2 * cos), dim=-1).flatten(-2)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = rearrange(self.qkv(x), 'b n (three h d) -> three b h n d', three=3, h=self.h).unbind(0)
        hd = d // self.h
        freq = torch.outer(torch.arange(n, device=x.device), 1.0 / (10000 ** (torch.arange(0, hd, 2, device=x.device) / hd)))
        cos, sin = freq.cos(), freq.sin()
        q, k = self.rot(q, cos, sin), self.rot(k, cos, sin)
        s = (q @ k.transpose(-2, -1)).div_(math.sqrt(hd))
        s += torch.full((n, n), float('-inf'), device=x.device).triu_(1)
        return self.o(rearrange(s.softmax(-1) @ v, 'b h n d -> b n (h d)'))


class RepeatSum(nn.Module):
    """einops repeat in the middle: gradients summed over what was expanded"""

    def __init__(self, c):
        super().__init__()
        self.fc = nn.Linear(c, c)
        self.conv = nn.Conv2d(2 * c, c, 1)

    def forward(self, x):
        g = self.fc(reduce(x, 'b c h w -> b c', 'mean'))
        g = repeat(g, 'b c -> b c h w', h=x.shape[2], w=x.shape[3])
        return torch.sigmoid(self.conv(torch.cat([x, g], 1))) * x


class GQARepeat(nn.Module):
    def __init__(self, d, heads=4, kv=2):
        super().__init__()
        self.h, self.kv, self.hd = heads, kv, d // heads
        self.q = nn.Linear(d, d, bias=False)
        self.k = nn.Linear(d, kv * self.hd, bias=False)
        self.v = nn.Linear(d, kv * self.hd, bias=False)
        self.o = nn.Linear(d, d, bias=False)

    def forward(self, x):
        q = rearrange(self.q(x), 'b n (h d) -> b h n d', h=self.h)
        k, v = (rearrange(f(x), 'b n (h d) -> b h n d', h=self.kv) for f in (self.k, self.v))
        k, v = (repeat(t, 'b h n d -> b (h r) n d', r=self.h // self.kv) for t in (k, v))
        a = torch.einsum('bhid,bhjd->bhij', q, k).mul(self.hd ** -0.5).softmax(-1)
        return self.o(rearrange(torch.einsum('bhij,bhjd->bhid', a, v), 'b h n d -> b n (h d)'))


class RepeatInterleave(nn.Module):
    def __init__(self, d, heads=4, kv=2):
        super().__init__()
        self.h, self.kv, self.hd = heads, kv, d // heads
        self.qkv = nn.Linear(d, d + 2 * kv * self.hd)
        self.o = nn.Linear(d, d)

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).split([d, self.kv * self.hd, self.kv * self.hd], dim=-1)
        q = q.view(b, n, self.h, self.hd).transpose(1, 2)
        k = k.view(b, n, self.kv, self.hd).transpose(1, 2).repeat_interleave(self.h // self.kv, dim=1)
        v = v.view(b, n, self.kv, self.hd).transpose(1, 2).repeat_interleave(self.h // self.kv, dim=1)
        a = F.softmax(q @ k.mT / math.sqrt(self.hd), dim=-1)
        return self.o((a @ v).transpose(1, 2).reshape(b, n, d))


class HFConv1D(nn.Module):
    def __init__(self, d, heads=4):
        super().__init__()
        self.h = heads
        self.w1 = nn.Parameter(torch.empty(d, 3 * d))
        self.b1 = nn.Parameter(torch.zeros(3 * d))
        self.w2 = nn.Parameter(torch.empty(d, d))
        self.b2 = nn.Parameter(torch.zeros(d))

    def lin(self, x, w, b):
        size_out = x.size()[:-1] + (w.shape[1],)
        x = torch.addmm(b, x.view(-1, x.size(-1)), w)
        return x.view(size_out)

    def forward(self, x):
        q, k, v = self.lin(x, self.w1, self.b1).split(x.shape[-1], dim=2)
        q, k, v = (t.view(*t.shape[:-1], self.h, -1).permute(0, 2, 1, 3) for t in (q, k, v))
        w = torch.matmul(q, k.transpose(-1, -2))
        w = w / torch.full([], v.size(-1) ** 0.5, dtype=w.dtype, device=w.device)
        w = torch.where(torch.tril(torch.ones(x.shape[1], x.shape[1], device=x.device)).bool(), w, torch.full([], -1e9, device=x.device))
        w = nn.functional.softmax(w, dim=-1)
        y = torch.matmul(w, v).permute(0, 2, 1, 3).contiguous()
        y = y.view(*y.shape[:-2], -1)
        return self.lin(y, self.w2, self.b2)


class Nystrom(nn.Module):
    def __init__(self, d, heads=4, m=8):
        super().__init__()
        self.h, self.m = heads, m
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.o = nn.Linear(d, d)

    def inv(self, mat, n_iter=3):
        I = torch.eye(mat.size(-1), device=mat.device)
        K = mat
        V = 1 / torch.max(torch.sum(K, dim=-2)) * K.transpose(-1, -2)
        for _ in range(n_iter):
            KV = torch.matmul(K, V)
            V = torch.matmul(0.25 * V, 13 * I - torch.matmul(KV, 15 * I - torch.matmul(KV, 7 * I - KV)))
        return V

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.qkv(x).chunk(3, -1)
        q, k, v = (t.reshape(b, n, self.h, -1).transpose(1, 2) for t in (q, k, v))
        q = q / math.sqrt(math.sqrt(q.shape[-1]))
        k = k / math.sqrt(math.sqrt(k.shape[-1]))
        ql = q.reshape(b, self.h, self.m, n // self.m, -1).mean(dim=-2)
        kl = k.reshape(b, self.h, self.m, n // self.m, -1).mean(dim=-2)
        k1 = F.softmax(torch.matmul(q, kl.transpose(-1, -2)), dim=-1)
        k2 = F.softmax(torch.matmul(ql, kl.transpose(-1, -2)), dim=-1)
        k3 = F.softmax(torch.matmul(ql, k.transpose(-1, -2)), dim=-1)
        y = torch.matmul(torch.matmul(k1, self.inv(k2)), torch.matmul(k3, v))
        return self.o(y.transpose(1, 2).reshape(b, n, d))


class ExternalConv(nn.Module):
    def __init__(self, c, k=64):
        super().__init__()
        self.conv1 = nn.Conv2d(c, c, 1)
        self.linear_0 = nn.Conv1d(c, k, 1, bias=False)
        self.linear_1 = nn.Conv1d(k, c, 1, bias=False)
        self.linear_1.weight.data = self.linear_0.weight.data.permute(1, 0, 2)
        self.conv2 = nn.Sequential(nn.Conv2d(c, c, 1, bias=False), nn.BatchNorm2d(c))

    def forward(self, x):
        idn = x
        x = self.conv1(x)
        b, c, h, w = x.size()
        n = h * w
        x = x.view(b, c, h * w)
        attn = self.linear_0(x)
        attn = F.softmax(attn, dim=-1)
        attn = attn / (1e-9 + attn.sum(dim=1, keepdim=True))
        x = self.linear_1(attn)
        x = x.view(b, c, h, w)
        x = self.conv2(x)
        x = x + idn
        x = F.relu(x)
        return x


class Shuffle(nn.Module):
    def __init__(self, channel, groups=4):
        super().__init__()
        self.groups = groups
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.cweight = nn.Parameter(torch.zeros(1, channel // (2 * groups), 1, 1))
        self.cbias = nn.Parameter(torch.ones(1, channel // (2 * groups), 1, 1))
        self.sweight = nn.Parameter(torch.zeros(1, channel // (2 * groups), 1, 1))
        self.sbias = nn.Parameter(torch.ones(1, channel // (2 * groups), 1, 1))
        self.sigmoid = nn.Sigmoid()
        self.gn = nn.GroupNorm(channel // (2 * groups), channel // (2 * groups))

    @staticmethod
    def channel_shuffle(x, groups):
        b, c, h, w = x.shape
        x = x.reshape(b, groups, -1, h, w)
        x = x.permute(0, 2, 1, 3, 4)
        x = x.reshape(b, -1, h, w)
        return x

    def forward(self, x):
        b, c, h, w = x.shape
        x = x.reshape(b * self.groups, -1, h, w)
        x_0, x_1 = x.chunk(2, dim=1)
        xn = self.avg_pool(x_0)
        xn = self.cweight * xn + self.cbias
        xn = x_0 * self.sigmoid(xn)
        xs = self.gn(x_1)
        xs = self.sweight * xs + self.sbias
        xs = x_1 * self.sigmoid(xs)
        out = torch.cat([xn, xs], dim=1)
        out = out.reshape(b, -1, h, w)
        out = self.channel_shuffle(out, 2)
        return out


class Outlook(nn.Module):
    def __init__(self, dim, num_heads=4, kernel_size=3, padding=1, stride=2):
        super().__init__()
        self.num_heads = num_heads
        self.kernel_size = kernel_size
        self.padding = padding
        self.stride = stride
        self.scale = (dim // num_heads) ** -0.5
        self.v = nn.Linear(dim, dim, bias=False)
        self.attn = nn.Linear(dim, kernel_size ** 4 * num_heads)
        self.proj = nn.Linear(dim, dim)
        self.unfold = nn.Unfold(kernel_size=kernel_size, padding=padding, stride=stride)
        self.pool = nn.AvgPool2d(kernel_size=stride, stride=stride, ceil_mode=True)

    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        B, H, W, C = x.shape
        v = self.v(x).permute(0, 3, 1, 2)
        h, w = math.ceil(H / self.stride), math.ceil(W / self.stride)
        v = self.unfold(v).reshape(B, self.num_heads, C // self.num_heads, self.kernel_size * self.kernel_size, h * w).permute(0, 1, 4, 3, 2)
        attn = self.pool(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        attn = self.attn(attn).reshape(B, h * w, self.num_heads, self.kernel_size * self.kernel_size, self.kernel_size * self.kernel_size).permute(0, 2, 1, 3, 4)
        attn = attn * self.scale
        attn = attn.softmax(dim=-1)
        x = (attn @ v).permute(0, 1, 4, 3, 2).reshape(B, C * self.kernel_size * self.kernel_size, h * w)
        x = F.fold(x, output_size=(H, W), kernel_size=self.kernel_size, padding=self.padding, stride=self.stride)
        x = self.proj(x.permute(0, 2, 3, 1))
        return x


class EncoderLayer(nn.Module):
    """post-norm encoder layer of BERT, by named projections"""

    def __init__(self, d, heads=4):
        super().__init__()
        self.h, self.hd = heads, d // heads
        self.query, self.key, self.value = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)
        self.dense = nn.Linear(d, d)
        self.ln1, self.ln2 = nn.LayerNorm(d, eps=1e-12), nn.LayerNorm(d, eps=1e-12)
        self.inter, self.out = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)
        self.drop = nn.Dropout(0.1)

    def transpose_for_scores(self, x):
        new_x_shape = x.size()[:-1] + (self.h, self.hd)
        x = x.view(new_x_shape)
        return x.permute(0, 2, 1, 3)

    def forward(self, x):
        mixed = self.query(x)
        key_layer = self.transpose_for_scores(self.key(x))
        value_layer = self.transpose_for_scores(self.value(x))
        query_layer = self.transpose_for_scores(mixed)
        scores = torch.matmul(query_layer, key_layer.transpose(-1, -2))
        scores = scores / math.sqrt(self.hd)
        probs = nn.functional.softmax(scores, dim=-1)
        probs = self.drop(probs)
        context = torch.matmul(probs, value_layer)
        context = context.permute(0, 2, 1, 3).contiguous()
        context = context.view(context.size()[:-2] + (self.h * self.hd,))
        y = self.ln1(self.drop(self.dense(context)) + x)
        z = F.gelu(self.inter(y))
        return self.ln2(self.drop(self.out(z)) + y)
