"""Modules that leave their number type on the way, or are cast where autocast is on: `precision.jsonl` has what torch holds of each."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class UpcastNorm(nn.Module):
    def __init__(self, channels, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(channels))

    def _norm(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)

    def forward(self, x):
        output = self._norm(x.float()).type_as(x)
        return output * self.weight


class UpcastSoftmax(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels, bias=False)
        self.out = nn.Linear(channels, channels)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        scores = torch.matmul(q, k.transpose(2, 3)) / math.sqrt(c // self.heads)
        scores = F.softmax(scores, dim=-1, dtype=torch.float32).to(q.dtype)
        mixed = torch.matmul(scores, v)
        return self.out(mixed.transpose(1, 2).reshape(b, n, c))


class AddedMask(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(channels, channels)
        self.k = nn.Linear(channels, channels)
        self.v = nn.Linear(channels, channels)

    def forward(self, x):
        b, n, c = x.shape
        d = c // self.heads
        q = self.q(x).view(b, n, self.heads, d).transpose(1, 2)
        k = self.k(x).view(b, n, self.heads, d).transpose(1, 2)
        v = self.v(x).view(b, n, self.heads, d).transpose(1, 2)
        mask = torch.full((n, n), float("-inf"), device=x.device).triu(1)
        scores = q @ k.transpose(-2, -1) * d ** -0.5 + mask
        attn = scores.softmax(dim=-1)
        return (attn.to(v.dtype) @ v).transpose(1, 2).reshape(b, n, c)


class DistanceBias(nn.Module):
    def __init__(self, channels, heads=4, length=64):
        super().__init__()
        self.heads = heads
        self.to_qk = nn.Linear(channels, 2 * channels, bias=False)
        self.to_v = nn.Linear(channels, channels, bias=False)
        slopes = 2.0 ** -torch.arange(1, heads + 1).float()
        places = torch.arange(length)
        self.register_buffer("bias", slopes[:, None, None] * (places[None, :] - places[:, None])[None])

    def forward(self, x):
        b, n, c = x.shape
        q, k = self.to_qk(x).chunk(2, dim=-1)
        v = self.to_v(x)
        q, k, v = (t.reshape(b, n, self.heads, -1).transpose(1, 2) for t in (q, k, v))
        scores = torch.einsum("bhid,bhjd->bhij", q, k) * (c // self.heads) ** -0.5
        scores = scores + self.bias[:, :n, :n]
        attn = scores.softmax(-1)
        return torch.einsum("bhij,bhjd->bhid", attn, v).transpose(1, 2).reshape(b, n, c)


class LogitScale(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels)
        self.logit_scale = nn.Parameter(torch.log(10 * torch.ones(heads, 1, 1)))
        self.proj = nn.Linear(channels, channels)

    def forward(self, x):
        b, n, c = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        attn = attn * torch.clamp(self.logit_scale, max=math.log(100.0)).exp()
        attn = attn.softmax(dim=-1)
        return self.proj((attn @ v).transpose(1, 2).reshape(b, n, c))


class SharedProjection(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.proj = nn.Conv2d(channels, channels, 1)
        self.act = nn.SiLU()

    def forward(self, x):
        y = self.act(self.proj(self.norm(x)))
        y = self.act(self.proj(y) + y)
        return x + self.proj(y)


class KernelAttention(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.to_q = nn.Linear(channels, channels)
        self.to_k = nn.Linear(channels, channels)
        self.to_v = nn.Linear(channels, channels)

    def forward(self, x):
        b, n, c = x.shape
        q = F.elu(self.to_q(x)) + 1
        k = F.elu(self.to_k(x)) + 1
        v = self.to_v(x)
        q, k, v = [t.view(b, n, self.heads, -1).transpose(1, 2) for t in (q, k, v)]
        kv = k.transpose(-2, -1) @ v
        norm = (q * k.sum(dim=2, keepdim=True)).sum(-1, keepdim=True)
        return ((q @ kv) / (norm + 1e-6)).transpose(1, 2).reshape(b, n, c)


class EnergyGate(nn.Module):
    def __init__(self, channels, groups=8):
        super().__init__()
        self.groups = groups
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.weight = nn.Parameter(torch.zeros(1, groups, 1, 1))
        self.bias = nn.Parameter(torch.ones(1, groups, 1, 1))

    def forward(self, x):
        b, c, h, w = x.size()
        x = x.view(b * self.groups, -1, h, w)
        xn = x * self.pool(x)
        xn = xn.sum(dim=1, keepdim=True)
        t = xn.view(b * self.groups, -1)
        t = t - t.mean(dim=1, keepdim=True)
        std = t.std(dim=1, keepdim=True) + 1e-5
        t = t / std
        t = t.view(b, self.groups, h, w)
        t = t * self.weight + self.bias
        t = t.view(b * self.groups, 1, h, w)
        x = x * torch.sigmoid(t)
        return x.view(b, c, h, w)


class SimilarityGate(nn.Module):
    def __init__(self, channels, e_lambda=1e-4):
        super().__init__()
        self.e_lambda = e_lambda

    def forward(self, x):
        b, c, h, w = x.size()
        n = w * h - 1
        d = (x - x.mean(dim=[2, 3], keepdim=True)).pow(2)
        v = d.sum(dim=[2, 3], keepdim=True) / n
        return x * torch.sigmoid(d / (4 * (v + self.e_lambda)) + 0.5)


class StripPool(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels // 4, 1, bias=False)
        self.norm = nn.BatchNorm2d(channels // 4)
        self.rows = nn.Conv2d(channels // 4, channels // 4, (3, 1), padding=(1, 0), bias=False)
        self.out = nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x):
        _, _, h, w = x.size()
        y = F.relu(self.norm(self.conv(x)))
        y = F.interpolate(self.rows(F.adaptive_avg_pool2d(y, (None, 1))), (h, w), mode="bilinear", align_corners=False) + y
        return x * self.out(y).sigmoid()


class PreNormBlock(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn = nn.MultiheadAttention(channels, heads, batch_first=True)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = nn.Sequential(nn.Linear(channels, 4 * channels), nn.GELU(), nn.Linear(4 * channels, channels))

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.attn(y, y, y)[0]
        return x + self.mlp(self.norm2(x))
