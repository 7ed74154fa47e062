"""Modules whose memory torch was asked for: `memory.json` has what it holds of each."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F


class ChannelGate(nn.Module):
    def __init__(self, channels, reduction=16):
        super().__init__()
        self.mlp = nn.Sequential(
            nn.Conv2d(channels, channels // reduction, 1, bias=False),
            nn.ReLU(inplace=True),
            nn.Conv2d(channels // reduction, channels, 1, bias=False),
        )

    def forward(self, x):
        avg = self.mlp(F.adaptive_avg_pool2d(x, 1))
        mx = self.mlp(F.adaptive_max_pool2d(x, 1))
        return torch.sigmoid(avg + mx)


class SpatialGate(nn.Module):
    def __init__(self, kernel_size=7):
        super().__init__()
        self.conv = nn.Conv2d(2, 1, kernel_size, padding=kernel_size // 2, bias=False)

    def forward(self, x):
        avg = x.mean(dim=1, keepdim=True)
        mx, _ = x.max(dim=1, keepdim=True)
        return torch.sigmoid(self.conv(torch.cat([avg, mx], dim=1)))


class CBAM(nn.Module):
    def __init__(self, channels, reduction=16):
        super().__init__()
        self.channel = ChannelGate(channels, reduction)
        self.spatial = SpatialGate()

    def forward(self, x):
        x = x * self.channel(x)
        return x * self.spatial(x)


class SAGANAttentionPooled(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.theta = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.phi = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.g = nn.Conv2d(channels, channels // 2, 1, bias=False)
        self.o = nn.Conv2d(channels // 2, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        b, c, h, w = x.shape
        theta = self.theta(x).view(b, c // 8, h * w)
        phi = F.max_pool2d(self.phi(x), 2).view(b, c // 8, h * w // 4)
        g = F.max_pool2d(self.g(x), 2).view(b, c // 2, h * w // 4)
        beta = F.softmax(torch.bmm(theta.transpose(1, 2), phi), -1)
        o = self.o(torch.bmm(g, beta.transpose(1, 2)).view(b, c // 2, h, w))
        return self.gamma * o + x


class EfficientAttention(nn.Module):
    def __init__(self, channels, heads=2):
        super().__init__()
        self.heads = heads
        self.keys = nn.Conv2d(channels, channels, 1)
        self.queries = nn.Conv2d(channels, channels, 1)
        self.values = nn.Conv2d(channels, channels, 1)
        self.reprojection = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        n, c, h, w = x.size()
        keys = self.keys(x).reshape((n, c, h * w))
        queries = self.queries(x).reshape(n, c, h * w)
        values = self.values(x).reshape((n, c, h * w))
        d = c // self.heads
        outs = []
        for i in range(self.heads):
            key = F.softmax(keys[:, i * d:(i + 1) * d, :], dim=2)
            query = F.softmax(queries[:, i * d:(i + 1) * d, :], dim=1)
            value = values[:, i * d:(i + 1) * d, :]
            context = key @ value.transpose(1, 2)
            outs.append((context.transpose(1, 2) @ query).reshape(n, d, h, w))
        return self.reprojection(torch.cat(outs, dim=1)) + x


class GridGate(nn.Module):
    def __init__(self, channels, gate_channels=None, inter=None):
        super().__init__()
        inter = inter or channels // 2
        gate_channels = gate_channels or channels
        self.theta = nn.Conv2d(channels, inter, 2, stride=2, bias=False)
        self.phi = nn.Conv2d(gate_channels, inter, 1)
        self.psi = nn.Conv2d(inter, 1, 1)
        self.w = nn.Sequential(nn.Conv2d(channels, channels, 1), nn.BatchNorm2d(channels))

    def forward(self, g, x):
        t = self.theta(x)
        p = F.interpolate(self.phi(g), size=t.shape[2:], mode='bilinear', align_corners=False)
        f = F.relu(t + p, inplace=True)
        a = torch.sigmoid(self.psi(f))
        a = F.interpolate(a, size=x.shape[2:], mode='bilinear', align_corners=False)
        return self.w(a.expand_as(x) * x)


class ISSA(nn.Module):
    def __init__(self, channels, p=8):
        super().__init__()
        self.p = p
        self.q = nn.Conv2d(channels, channels // 2, 1)
        self.k = nn.Conv2d(channels, channels // 2, 1)
        self.v = nn.Conv2d(channels, channels, 1)

    def attend(self, x):
        n, c, h, w = x.shape
        q = self.q(x).view(n, -1, h * w).permute(0, 2, 1)
        k = self.k(x).view(n, -1, h * w)
        v = self.v(x).view(n, -1, h * w).permute(0, 2, 1)
        sim = torch.matmul(q, k) * (c // 2) ** -0.5
        sim = F.softmax(sim, dim=-1)
        out = torch.matmul(sim, v).permute(0, 2, 1).contiguous()
        return out.view(n, c, h, w)

    def forward(self, x):
        n, c, h, w = x.shape
        p = self.p
        oh, ow = h // p, w // p
        x = x.reshape(n, c, oh, p, ow, p).permute(0, 3, 5, 1, 2, 4).reshape(-1, c, oh, ow)
        x = self.attend(x)
        x = x.reshape(n, p, p, c, oh, ow).permute(0, 4, 5, 3, 1, 2).reshape(-1, c, p, p)
        x = self.attend(x)
        return x.reshape(n, oh, ow, c, p, p).permute(0, 3, 1, 4, 2, 5).reshape(n, c, h, w)


class SegFormerSelfAttention(nn.Module):
    def __init__(self, channels, heads=2, sr_ratio=4, drop=0.0):
        super().__init__()
        self.heads = heads
        self.d = channels // heads
        self.query = nn.Linear(channels, channels)
        self.key = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)
        self.dropout = nn.Dropout(drop)
        self.sr_ratio = sr_ratio
        if sr_ratio > 1:
            self.sr = nn.Conv2d(channels, channels, kernel_size=sr_ratio, stride=sr_ratio)
            self.layer_norm = nn.LayerNorm(channels)

    def split(self, t):
        return t.view(t.size(0), -1, self.heads, self.d).permute(0, 2, 1, 3)

    def forward(self, x, h, w):
        q = self.split(self.query(x))
        if self.sr_ratio > 1:
            b, n, c = x.shape
            x = x.permute(0, 2, 1).reshape(b, c, h, w)
            x = self.sr(x)
            x = x.reshape(b, c, -1).permute(0, 2, 1)
            x = self.layer_norm(x)
        k = self.split(self.key(x))
        v = self.split(self.value(x))
        scores = torch.matmul(q, k.transpose(-1, -2))
        scores = scores / math.sqrt(self.d)
        probs = F.softmax(scores, dim=-1)
        probs = self.dropout(probs)
        ctx = torch.matmul(probs, v)
        ctx = ctx.permute(0, 2, 1, 3).contiguous()
        ctx = ctx.view(ctx.size()[:-2] + (self.heads * self.d,))
        return ctx


class CausalAttention(nn.Module):
    def __init__(self, channels, heads=4, block=64, drop=0.0):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)
        self.drop = nn.Dropout(drop)
        self.register_buffer('mask', torch.tril(torch.ones(block, block)).view(1, 1, block, block))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.qkv(x).split(C, dim=2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.mask[:, :, :T, :T] == 0, float('-inf'))
        att = F.softmax(att, dim=-1)
        att = self.drop(att)
        y = att @ v
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.proj(y)


class Block(nn.Module):
    def __init__(self, channels, heads=4, ratio=4):
        super().__init__()
        self.norm1 = nn.LayerNorm(channels)
        self.attn = CausalAttention(channels, heads)
        self.norm2 = nn.LayerNorm(channels)
        self.mlp = nn.Sequential(nn.Linear(channels, ratio * channels), nn.GELU(), nn.Linear(ratio * channels, channels))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        x = x + self.mlp(self.norm2(x))
        return x


class EinsumNonLocal(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.theta = nn.Conv2d(channels, channels // 2, 1)
        self.phi = nn.Conv2d(channels, channels // 2, 1)
        self.g = nn.Conv2d(channels, channels // 2, 1)
        self.out = nn.Conv2d(channels // 2, channels, 1)
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x):
        b, c, h, w = x.shape
        q = self.theta(x).flatten(2)
        k = self.phi(x).flatten(2)
        v = self.g(x).flatten(2)
        a = torch.einsum('bci,bcj->bij', q, k).softmax(-1)
        y = torch.einsum('bij,bcj->bci', a, v)
        return x + self.bn(self.out(y.view(b, c // 2, h, w)))


class WindowAttention(nn.Module):
    def __init__(self, channels, heads=4, window=8):
        super().__init__()
        self.ws, self.heads = window, heads
        self.qkv = nn.Linear(channels, channels * 3)
        self.proj = nn.Linear(channels, channels)
        self.bias = nn.Parameter(torch.zeros(heads, window * window, window * window))

    def forward(self, x):
        b, c, h, w = x.shape
        ws = self.ws
        x = torch.roll(x, shifts=(-ws // 2, -ws // 2), dims=(2, 3))
        t = x.view(b, c, h // ws, ws, w // ws, ws).permute(0, 2, 4, 3, 5, 1).reshape(-1, ws * ws, c)
        q, k, v = self.qkv(t).reshape(-1, ws * ws, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        attn = (q * (c // self.heads) ** -0.5) @ k.transpose(-2, -1)
        attn = attn + self.bias
        attn = attn.softmax(dim=-1)
        t = (attn @ v).transpose(1, 2).reshape(-1, ws * ws, c)
        t = self.proj(t)
        t = t.view(b, h // ws, w // ws, ws, ws, c).permute(0, 5, 1, 3, 2, 4).reshape(b, c, h, w)
        return torch.roll(t, shifts=(ws // 2, ws // 2), dims=(2, 3))


class SqueezeExcite(nn.Module):
    def __init__(self, channels, reduction=4):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Linear(channels, channels // reduction), nn.ReLU(inplace=True), nn.Linear(channels // reduction, channels), nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        y = self.pool(x).view(b, c)
        y = self.fc(y).view(b, c, 1, 1)
        return x * y.expand_as(x)


class LinearAttention(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.scale = (channels // heads) ** -0.5
        self.to_qkv = nn.Conv2d(channels, channels * 3, 1, bias=False)
        self.to_out = nn.Sequential(nn.Conv2d(channels, channels, 1), nn.GroupNorm(1, channels))

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.to_qkv(x).chunk(3, dim=1)
        q, k, v = [t.reshape(b, self.heads, c // self.heads, h * w) for t in (q, k, v)]
        q = q.softmax(dim=-2)
        k = k.softmax(dim=-1)
        q = q * self.scale
        v = v / (h * w)
        context = torch.einsum('bhdn,bhen->bhde', k, v)
        out = torch.einsum('bhde,bhdn->bhen', context, q)
        out = out.reshape(b, c, h, w)
        return self.to_out(out)


class CosineAttention(nn.Module):
    def __init__(self, channels, heads=2):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, channels * 3, bias=False)
        self.tau = nn.Parameter(torch.ones(heads, 1, 1))

    def forward(self, x):
        b, n, c = x.shape
        qkv = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        attn = (attn * self.tau.clamp(max=4.6).exp()).softmax(-1)
        return (attn @ v).transpose(1, 2).reshape(b, n, c)


class CoordAtt(nn.Module):
    def __init__(self, channels, reduction=8):
        super().__init__()
        mid = max(8, channels // reduction)
        self.pool_h = nn.AdaptiveAvgPool2d((None, 1))
        self.pool_w = nn.AdaptiveAvgPool2d((1, None))
        self.conv1 = nn.Conv2d(channels, mid, 1)
        self.bn1 = nn.BatchNorm2d(mid)
        self.act = nn.Hardswish()
        self.conv_h = nn.Conv2d(mid, channels, 1)
        self.conv_w = nn.Conv2d(mid, channels, 1)

    def forward(self, x):
        identity = x
        n, c, h, w = x.size()
        x_h = self.pool_h(x)
        x_w = self.pool_w(x).permute(0, 1, 3, 2)
        y = torch.cat([x_h, x_w], dim=2)
        y = self.act(self.bn1(self.conv1(y)))
        x_h, x_w = torch.split(y, [h, w], dim=2)
        x_w = x_w.permute(0, 1, 3, 2)
        a_h = self.conv_h(x_h).sigmoid()
        a_w = self.conv_w(x_w).sigmoid()
        return identity * a_w * a_h


class DropAttention(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.h = heads
        self.q = nn.Linear(channels, channels)
        self.kv = nn.Linear(channels, 2 * channels)
        self.ad = nn.Dropout(0.1)
        self.pd = nn.Dropout(0.1)
        self.o = nn.Linear(channels, channels)

    def forward(self, x):
        b, n, c = x.shape
        q = self.q(x).view(b, n, self.h, -1).transpose(1, 2)
        k, v = self.kv(x).view(b, n, 2, self.h, -1).permute(2, 0, 3, 1, 4)
        a = torch.softmax(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5, dim=-1)
        return self.pd(self.o((self.ad(a) @ v).transpose(1, 2).flatten(2)))


class GeGLU(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = nn.Linear(channels, channels * 4)
        self.b = nn.Linear(channels * 2, channels)

    def forward(self, x):
        u, v = self.a(x).chunk(2, dim=-1)
        return self.b(u * F.gelu(v))


class RMS(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        v = x.pow(2).mean(-1, keepdim=True)
        return self.weight * (x * torch.rsqrt(v + 1e-6))


class Rotary(nn.Module):
    def __init__(self, channels, heads=2):
        super().__init__()
        self.heads = heads
        self.q = nn.Linear(channels, channels, bias=False)
        self.k = nn.Linear(channels, channels, bias=False)
        self.v = nn.Linear(channels, channels, bias=False)

    def rot(self, x):
        a, b = x.chunk(2, dim=-1)
        return torch.cat([-b, a], dim=-1)

    def forward(self, x):
        b, n, c = x.shape
        pos = torch.arange(n, device=x.device, dtype=torch.float32)
        freq = 1.0 / (10000 ** (torch.arange(0, c // self.heads, 2, device=x.device).float() / (c // self.heads)))
        t = torch.outer(pos, freq)
        t = torch.cat([t, t], dim=-1)
        cos, sin = t.cos(), t.sin()
        q = self.q(x).view(b, n, self.heads, -1).transpose(1, 2)
        k = self.k(x).view(b, n, self.heads, -1).transpose(1, 2)
        v = self.v(x).view(b, n, self.heads, -1).transpose(1, 2)
        q = q * cos + self.rot(q) * sin
        k = k * cos + self.rot(k) * sin
        a = (q @ k.transpose(-1, -2)).softmax(-1)
        return (a @ v).transpose(1, 2).reshape(b, n, c)


class GroupedQuery(nn.Module):
    def __init__(self, channels, heads=4, kv=2):
        super().__init__()
        self.heads, self.kv = heads, kv
        self.d = channels // heads
        self.q = nn.Linear(channels, channels)
        self.k = nn.Linear(channels, kv * self.d)
        self.v = nn.Linear(channels, kv * self.d)

    def forward(self, x):
        b, n, c = x.shape
        q = self.q(x).view(b, n, self.heads, self.d).transpose(1, 2)
        k = self.k(x).view(b, n, self.kv, self.d).transpose(1, 2)
        v = self.v(x).view(b, n, self.kv, self.d).transpose(1, 2)
        k = k.repeat_interleave(self.heads // self.kv, dim=1)
        v = v.repeat_interleave(self.heads // self.kv, dim=1)
        a = F.softmax(q @ k.transpose(-2, -1) * self.d ** -0.5, dim=-1, dtype=torch.float32).to(q.dtype)
        return (a @ v).transpose(1, 2).flatten(2)


class CrissCross(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.query_conv = nn.Conv2d(channels, channels // 8, 1)
        self.key_conv = nn.Conv2d(channels, channels // 8, 1)
        self.value_conv = nn.Conv2d(channels, channels, 1)
        self.softmax = nn.Softmax(dim=3)
        self.gamma = nn.Parameter(torch.zeros(1))

    def inf(self, b, h, w, x):
        return -torch.diag(torch.full((h,), float('inf'), device=x.device), 0).unsqueeze(0).repeat(b * w, 1, 1)

    def forward(self, x):
        b, _, h, w = x.size()
        q = self.query_conv(x)
        qh = q.permute(0, 3, 1, 2).contiguous().view(b * w, -1, h).permute(0, 2, 1)
        qw = q.permute(0, 2, 1, 3).contiguous().view(b * h, -1, w).permute(0, 2, 1)
        k = self.key_conv(x)
        kh = k.permute(0, 3, 1, 2).contiguous().view(b * w, -1, h)
        kw = k.permute(0, 2, 1, 3).contiguous().view(b * h, -1, w)
        v = self.value_conv(x)
        vh = v.permute(0, 3, 1, 2).contiguous().view(b * w, -1, h)
        vw = v.permute(0, 2, 1, 3).contiguous().view(b * h, -1, w)
        eh = (torch.bmm(qh, kh) + self.inf(b, h, w, x)).view(b, w, h, h).permute(0, 2, 1, 3)
        ew = torch.bmm(qw, kw).view(b, h, w, w)
        c = self.softmax(torch.cat([eh, ew], 3))
        ah = c[:, :, :, 0:h].permute(0, 2, 1, 3).contiguous().view(b * w, h, h)
        aw = c[:, :, :, h:h + w].contiguous().view(b * h, w, w)
        oh = torch.bmm(vh, ah.permute(0, 2, 1)).view(b, w, -1, h).permute(0, 2, 3, 1)
        ow = torch.bmm(vw, aw.permute(0, 2, 1)).view(b, h, -1, w).permute(0, 2, 1, 3)
        return self.gamma * (oh + ow) + x


class SKConv(nn.Module):
    def __init__(self, channels, r=4):
        super().__init__()
        d = channels // r
        self.convs = nn.ModuleList([nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1 + i, dilation=1 + i, groups=4, bias=False), nn.BatchNorm2d(channels), nn.ReLU(inplace=True)) for i in range(2)])
        self.fc = nn.Linear(channels, d)
        self.fcs = nn.ModuleList([nn.Linear(d, channels) for _ in range(2)])
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        feats = torch.stack([conv(x) for conv in self.convs], dim=1)
        u = feats.sum(dim=1)
        s = u.mean(-1).mean(-1)
        z = self.fc(s)
        att = torch.stack([fc(z) for fc in self.fcs], dim=1)
        att = self.softmax(att).unsqueeze(-1).unsqueeze(-1)
        return (feats * att).sum(dim=1)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels))
        self.se = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(channels, channels // 4, 1), nn.ReLU(), nn.Conv2d(channels // 4, channels, 1), nn.Sigmoid())
        self.down = nn.AvgPool2d(2)

    def forward(self, x):
        out = self.body(x)
        out *= self.se(out)
        out += x
        return self.down(F.relu(out))


class Mixed(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.proj = nn.Conv2d(channels, 3 * channels, 1)
        self.dw = nn.Conv2d(3 * channels, 3 * channels, 3, padding=1, groups=3 * channels)
        self.temperature = nn.Parameter(torch.ones(2, 1, 1))
        self.out = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q, k, v = self.dw(self.proj(x)).chunk(3, dim=1)
        q = q.reshape(b, 2, c // 2, h * w)
        k = k.reshape(b, 2, c // 2, h * w)
        v = v.reshape(b, 2, c // 2, h * w)
        q = F.normalize(q, dim=-1)
        k = F.normalize(k, dim=-1)
        attn = (q @ k.transpose(-2, -1)) * self.temperature
        attn = attn.softmax(dim=-1)
        out = (attn @ v).reshape(b, c, h, w)
        return self.out(out)


class TopK(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.qk = nn.Linear(channels, 2 * channels)
        self.v = nn.Linear(channels, channels)

    def forward(self, x):
        q, k = torch.split(self.qk(x), x.shape[-1], -1)
        s = torch.matmul(q, k.mT)
        top, idx = s.topk(8, dim=-1)
        mask = torch.zeros_like(s).scatter_(-1, idx, 1.0)
        s = torch.where(mask > 0, s, torch.full_like(s, float('-inf')))
        return s.softmax(-1) @ self.v(x)


class UpCat(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(2 * channels, channels, 3, padding=1)
        self.gn = nn.GroupNorm(4, channels)
        self.act = nn.SiLU()

    def forward(self, x):
        y = F.max_pool2d(x, 2)
        y = F.interpolate(y, scale_factor=2, mode='nearest')
        return self.act(self.gn(self.conv(torch.cat([x, y], 1))))


class Flatten(nn.Module):
    def forward(self, x):
        return x.view(x.size(0), -1)


class CBAM1(nn.Module):
    def __init__(self, channels, r=16):
        super().__init__()
        self.mlp = nn.Sequential(Flatten(), nn.Linear(channels, channels // r), nn.ReLU(), nn.Linear(channels // r, channels))
        self.spatial = nn.Sequential(nn.Conv2d(2, 1, 7, padding=3, bias=False), nn.BatchNorm2d(1, eps=1e-5, momentum=0.01))

    def forward(self, x):
        total = None
        for kind in ['avg', 'max']:
            if kind == 'avg':
                p = F.avg_pool2d(x, (x.size(2), x.size(3)), stride=(x.size(2), x.size(3)))
            else:
                p = F.max_pool2d(x, (x.size(2), x.size(3)), stride=(x.size(2), x.size(3)))
            a = self.mlp(p)
            if total is None:
                total = a
            else:
                total = total + a
        scale = torch.sigmoid(total).unsqueeze(2).unsqueeze(3).expand_as(x)
        x = x * scale
        c = torch.cat((torch.max(x, 1)[0].unsqueeze(1), torch.mean(x, 1).unsqueeze(1)), dim=1)
        s = torch.sigmoid(self.spatial(c))
        return x * s


class CBAM2(nn.Module):
    def __init__(self, channels, r=8):
        super().__init__()
        self.avg, self.max = nn.AdaptiveAvgPool2d(1), nn.AdaptiveMaxPool2d(1)
        self.fc1 = nn.Conv2d(channels, channels // r, 1, bias=False)
        self.relu = nn.ReLU()
        self.fc2 = nn.Conv2d(channels // r, channels, 1, bias=False)
        self.sig = nn.Sigmoid()
        self.conv = nn.Conv2d(2, 1, 3, padding=1, bias=False)

    def forward(self, x):
        a = self.fc2(self.relu(self.fc1(self.avg(x))))
        m = self.fc2(self.relu(self.fc1(self.max(x))))
        x = self.sig(a + m) * x
        avg = torch.mean(x, dim=1, keepdim=True)
        mx = torch.amax(x, dim=1, keepdim=True)
        y = torch.cat([avg, mx], dim=1)
        return self.sig(self.conv(y)) * x


class Gate(nn.Module):
    def __init__(self, channels, inter=None):
        super().__init__()
        inter = inter or channels // 2
        self.W_g = nn.Sequential(nn.Conv2d(channels, inter, 1, bias=True), nn.BatchNorm2d(inter))
        self.W_x = nn.Sequential(nn.Conv2d(channels, inter, 1, bias=True), nn.BatchNorm2d(inter))
        self.psi = nn.Sequential(nn.Conv2d(inter, 1, 1, bias=True), nn.BatchNorm2d(1), nn.Sigmoid())
        self.relu = nn.ReLU(inplace=True)

    def forward(self, g, x):
        g1 = self.W_g(g)
        x1 = self.W_x(x)
        g1 = F.interpolate(g1, size=x1.shape[-2:], mode='bilinear', align_corners=True)
        psi = self.relu(g1 + x1)
        psi = self.psi(psi)
        out = x * psi
        return out


class NonLocal(nn.Module):
    def __init__(self, channels):
        super().__init__()
        inter = channels // 2
        self.inter = inter
        self.g = nn.Sequential(nn.Conv2d(channels, inter, 1), nn.MaxPool2d(2))
        self.theta = nn.Conv2d(channels, inter, 1)
        self.phi = nn.Sequential(nn.Conv2d(channels, inter, 1), nn.MaxPool2d(2))
        self.W = nn.Sequential(nn.Conv2d(inter, channels, 1), nn.BatchNorm2d(channels))

    def forward(self, x):
        b = x.size(0)
        g_x = self.g(x).view(b, self.inter, -1)
        g_x = g_x.permute(0, 2, 1)
        theta_x = self.theta(x).view(b, self.inter, -1)
        theta_x = theta_x.permute(0, 2, 1)
        phi_x = self.phi(x).view(b, self.inter, -1)
        f = torch.matmul(theta_x, phi_x)
        f_div_C = F.softmax(f, dim=-1)
        y = torch.matmul(f_div_C, g_x)
        y = y.permute(0, 2, 1).contiguous()
        y = y.view(b, self.inter, *x.size()[2:])
        z = self.W(y) + x
        return z


class ISA(nn.Module):
    def __init__(self, channels, down=(4, 4)):
        super().__init__()
        self.down = down
        self.f_query = nn.Sequential(nn.Conv2d(channels, channels // 2, 1, bias=False), nn.BatchNorm2d(channels // 2), nn.ReLU(inplace=True), nn.Conv2d(channels // 2, channels // 2, 1, bias=False), nn.BatchNorm2d(channels // 2), nn.ReLU(inplace=True))
        self.f_key = nn.Sequential(nn.Conv2d(channels, channels // 2, 1, bias=False), nn.BatchNorm2d(channels // 2), nn.ReLU(inplace=True), nn.Conv2d(channels // 2, channels // 2, 1, bias=False), nn.BatchNorm2d(channels // 2), nn.ReLU(inplace=True))
        self.f_value = nn.Conv2d(channels, channels, 1, bias=False)

    def block(self, x):
        n, c, h, w = x.size()
        value = self.f_value(x).view(n, c, -1).permute(0, 2, 1)
        query = self.f_query(x).view(n, c // 2, -1).permute(0, 2, 1)
        key = self.f_key(x).view(n, c // 2, -1)
        sim = torch.matmul(query, key)
        sim = (c // 2) ** -.5 * sim
        sim = F.softmax(sim, dim=-1)
        ctx = torch.matmul(sim, value).permute(0, 2, 1).contiguous()
        return ctx.view(n, c, h, w)

    def forward(self, x):
        n, c, h, w = x.size()
        dh, dw = self.down
        out_h, out_w = math.ceil(h / dh), math.ceil(w / dw)
        pad_h, pad_w = out_h * dh - h, out_w * dw - w
        if pad_h > 0 or pad_w > 0:
            feats = F.pad(x, (pad_w // 2, pad_w - pad_w // 2, pad_h // 2, pad_h - pad_h // 2))
        else:
            feats = x
        feats = feats.view(n, c, out_h, dh, out_w, dw)
        feats = feats.permute(0, 3, 5, 1, 2, 4).contiguous().view(-1, c, out_h, out_w)
        feats = self.block(feats)
        feats = feats.view(n, dh, dw, c, out_h, out_w)
        feats = feats.permute(0, 4, 5, 3, 1, 2).contiguous().view(-1, c, dh, dw)
        feats = self.block(feats)
        feats = feats.view(n, out_h, out_w, c, dh, dw).permute(0, 3, 1, 4, 2, 5).contiguous().view(n, c, dh * out_h, dw * out_w)
        if pad_h > 0 or pad_w > 0:
            feats = feats[:, :, pad_h // 2:pad_h // 2 + h, pad_w // 2:pad_w // 2 + w]
        return feats


class Efficient(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.k = nn.Conv2d(channels, channels // 2, 1)
        self.q = nn.Conv2d(channels, channels // 2, 1)
        self.v = nn.Conv2d(channels, channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        q = self.q(x).flatten(2).softmax(dim=1)
        k = self.k(x).flatten(2).softmax(dim=2)
        v = self.v(x).flatten(2)
        context = torch.bmm(k, v.transpose(1, 2))
        out = torch.bmm(context.transpose(1, 2), q).view(b, c, h, w)
        return self.out(out) + x


class PvtBlock(nn.Module):
    def __init__(self, channels, heads=2, sr=2):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.heads, self.sr_ratio = heads, sr
        self.q = nn.Linear(channels, channels)
        self.kv = nn.Linear(channels, 2 * channels)
        self.proj = nn.Linear(channels, channels)
        self.sr = nn.Conv2d(channels, channels, sr, sr)
        self.norm = nn.LayerNorm(channels)
        self.mlp = nn.Sequential(nn.Linear(channels, 2 * channels), nn.GELU(), nn.Linear(2 * channels, channels))

    def attn(self, x, h, w):
        B, N, C = x.shape
        q = self.q(x).reshape(B, N, self.heads, C // self.heads).permute(0, 2, 1, 3)
        x_ = x.permute(0, 2, 1).reshape(B, C, h, w)
        x_ = self.sr(x_).reshape(B, C, -1).permute(0, 2, 1)
        x_ = self.norm(x_)
        kv = self.kv(x_).reshape(B, -1, 2, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        k, v = kv[0], kv[1]
        attn = (q @ k.transpose(-2, -1)) * (C // self.heads) ** -0.5
        attn = attn.softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        x = self.proj(x)
        return x

    def forward(self, x, h, w):
        x = x + self.attn(self.norm1(x), h, w)
        x = x + self.mlp(self.norm2(x))
        return x


class RelPos(nn.Module):
    def __init__(self, channels, ws=8, heads=2):
        super().__init__()
        self.heads = heads
        self.table = nn.Parameter(torch.zeros((2 * ws - 1) ** 2, heads))
        idx = torch.zeros(ws * ws, ws * ws, dtype=torch.long)
        self.register_buffer('idx', idx)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x):
        B_, N, C = x.shape
        qkv = self.qkv(x).reshape(B_, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        q = q * 0.125
        attn = q @ k.transpose(-2, -1)
        bias = self.table[self.idx.view(-1)].view(N, N, -1)
        bias = bias.permute(2, 0, 1).contiguous()
        attn = attn + bias.unsqueeze(0)
        attn = attn.softmax(-1)
        x = (attn @ v).transpose(1, 2).reshape(B_, N, C)
        return self.proj(x)


class Unfolded(nn.Module):
    def __init__(self, channels, k=3):
        super().__init__()
        self.k = k
        self.q = nn.Conv2d(channels, channels, 1, bias=False)
        self.kk = nn.Conv2d(channels, channels, 1, bias=False)
        self.v = nn.Conv2d(channels, channels, 1, bias=False)

    def forward(self, x):
        b, c, h, w = x.size()
        pad = F.pad(x, [1, 1, 1, 1])
        q = self.q(x)
        k = self.kk(pad)
        v = self.v(pad)
        k = k.unfold(2, self.k, 1).unfold(3, self.k, 1)
        v = v.unfold(2, self.k, 1).unfold(3, self.k, 1)
        k = k.contiguous().view(b, c, h, w, -1)
        v = v.contiguous().view(b, c, h, w, -1)
        out = q.unsqueeze(-1) * k
        out = F.softmax(out, dim=-1)
        return torch.einsum('bchwk,bchwk->bchw', out, v)


class HalfRes(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.down = nn.Conv2d(channels, channels, 3, 2, 1)
        self.norm = nn.GroupNorm(8, channels)
        self.qkv = nn.Conv1d(channels, 3 * channels, 1)
        self.up = nn.ConvTranspose2d(channels, channels, 2, 2)

    def forward(self, x):
        y = self.down(F.silu(self.norm(x)))
        b, c, h, w = y.shape
        q, k, v = self.qkv(y.reshape(b, c, h * w)).chunk(3, 1)
        s = 1 / math.sqrt(math.sqrt(c))
        wgt = torch.einsum('bct,bcs->bts', q * s, k * s)
        wgt = torch.softmax(wgt.float(), dim=-1).type(wgt.dtype)
        a = torch.einsum('bts,bcs->bct', wgt, v)
        return x + self.up(a.reshape(b, c, h, w))
