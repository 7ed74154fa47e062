"""More attention modules: windows, grids, decays, positions by shifts, tables and networks, pooling and graphs."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange, repeat, reduce
from einops.layers.torch import Rearrange


class SwinV2(nn.Module):
    def __init__(self, dim, ws=8, heads=4):
        super().__init__()
        self.heads = heads
        self.ws = ws
        self.logit_scale = nn.Parameter(torch.log(10 * torch.ones((heads, 1, 1))))
        self.cpb = nn.Sequential(nn.Linear(2, 64), nn.ReLU(inplace=True), nn.Linear(64, heads, bias=False))
        h = torch.arange(-(ws - 1), ws, dtype=torch.float32)
        table = torch.stack(torch.meshgrid([h, h], indexing='ij')).permute(1, 2, 0).contiguous().unsqueeze(0)
        table /= (ws - 1)
        table *= 8
        table = torch.sign(table) * torch.log2(torch.abs(table) + 1.0) / math.log2(8)
        self.register_buffer('table', table, persistent=True)
        c = torch.stack(torch.meshgrid([torch.arange(ws), torch.arange(ws)], indexing='ij')).flatten(1)
        r = (c[:, :, None] - c[:, None, :]).permute(1, 2, 0).contiguous()
        r[:, :, 0] += ws - 1
        r[:, :, 1] += ws - 1
        r[:, :, 0] *= 2 * ws - 1
        self.register_buffer('index', r.sum(-1))
        self.qkv = nn.Linear(dim, dim * 3, bias=False)
        self.q_bias = nn.Parameter(torch.zeros(dim))
        self.v_bias = nn.Parameter(torch.zeros(dim))
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        qkv_bias = torch.cat((self.q_bias, torch.zeros_like(self.v_bias, requires_grad=False), self.v_bias))
        qkv = F.linear(input=x, weight=self.qkv.weight, bias=qkv_bias)
        qkv = qkv.reshape(B, N, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = F.normalize(q, dim=-1) @ F.normalize(k, dim=-1).transpose(-2, -1)
        logit_scale = torch.clamp(self.logit_scale, max=math.log(1. / 0.01)).exp()
        attn = attn * logit_scale
        bias = self.cpb(self.table).view(-1, self.heads)
        bias = bias[self.index.view(-1)].view(self.ws * self.ws, self.ws * self.ws, -1)
        bias = bias.permute(2, 0, 1).contiguous()
        bias = 16 * torch.sigmoid(bias)
        attn = attn + bias.unsqueeze(0)
        attn = F.softmax(attn, dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        return self.proj(x)


class LePE(nn.Module):
    def __init__(self, dim, heads=4, split=2):
        super().__init__()
        self.h, self.s = heads, split
        self.qkv = nn.Conv2d(dim, 3 * dim, 1)
        self.get_v = nn.Conv2d(dim, dim, 3, 1, 1, groups=dim)
        self.proj = nn.Conv2d(dim, dim, 1)

    def to_windows(self, t):
        return rearrange(t, 'b (h d) y (nx sx) -> (b nx) h (y sx) d', h=self.h, sx=self.s)

    def forward(self, x):
        b, c, H, W = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=1)
        lepe = self.get_v(v)
        q, k, v = map(self.to_windows, (q, k, v))
        attn = (q * (c // self.h) ** -0.5) @ k.transpose(-2, -1)
        attn = nn.functional.softmax(attn, dim=-1, dtype=attn.dtype)
        out = rearrange(attn @ v, '(b nx) h (y sx) d -> b (h d) y (nx sx)', b=b, sx=self.s)
        return self.proj(out + lepe)


class CvT(nn.Module):
    def __init__(self, dim, heads=4):
        super().__init__()
        self.h = heads
        mk = lambda s: nn.Sequential(nn.Conv2d(dim, dim, 3, padding=1, stride=s, bias=False, groups=dim), nn.BatchNorm2d(dim), Rearrange('b c h w -> b (h w) c'))
        self.cq, self.ck, self.cv = mk(1), mk(2), mk(2)
        self.q, self.k, self.v = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        H, W = x.shape[-2:]
        q = rearrange(self.q(self.cq(x)), 'b t (h d) -> b h t d', h=self.h)
        k = rearrange(self.k(self.ck(x)), 'b t (h d) -> b h t d', h=self.h)
        v = rearrange(self.v(self.cv(x)), 'b t (h d) -> b h t d', h=self.h)
        s = torch.einsum('bhlk,bhtk->bhlt', [q, k]) * q.shape[-1] ** -0.5
        a = F.softmax(s, dim=-1)
        y = torch.einsum('bhlt,bhtv->bhlv', [a, v])
        y = self.proj(rearrange(y, 'b h t d -> b t (h d)'))
        return x + rearrange(y, 'b (h w) c -> b c h w', h=H, w=W)


class TwinsLSA(nn.Module):
    def __init__(self, dim, ws=4, heads=4):
        super().__init__()
        self.num_heads, self.ws = heads, ws
        self.scale = (dim // heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, H, W):
        B, N, C = x.shape
        h_group, w_group = H // self.ws, W // self.ws
        total_groups = h_group * w_group
        x = x.reshape(B, h_group, self.ws, w_group, self.ws, C).transpose(2, 3)
        qkv = self.qkv(x).reshape(B, total_groups, -1, 3, self.num_heads, C // self.num_heads).permute(3, 0, 1, 4, 2, 5)
        q, k, v = qkv[0], qkv[1], qkv[2]
        attn = (q @ k.transpose(-2, -1)) * self.scale
        attn = attn.softmax(dim=-1)
        attn = (attn @ v).transpose(2, 3).reshape(B, h_group, w_group, self.ws, self.ws, C)
        x = attn.transpose(2, 3).reshape(B, N, C)
        return self.proj(x)


class Retention(nn.Module):
    def __init__(self, d, heads=4):
        super().__init__()
        self.h = heads
        self.q, self.k, self.v, self.g, self.o = [nn.Linear(d, d, bias=False) for _ in range(5)]
        self.gn = nn.GroupNorm(heads, d)
        self.register_buffer('gammas', 1 - torch.exp(torch.linspace(math.log(1 / 32), math.log(1 / 512), heads)))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (f(x).view(b, n, self.h, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        i = torch.arange(n, device=x.device).unsqueeze(1)
        j = torch.arange(n, device=x.device).unsqueeze(0)
        D = torch.where(i >= j, self.gammas.view(-1, 1, 1) ** (i - j), torch.zeros((), device=x.device))
        y = ((q @ k.transpose(-1, -2)) * D.unsqueeze(0)) @ v
        y = y.transpose(1, 2).reshape(b * n, d)
        y = self.gn(y).view(b, n, d)
        return self.o(F.silu(self.g(x)) * y)


class AFT(nn.Module):
    def __init__(self, d, maxlen=256):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)
        self.w = nn.Parameter(torch.zeros(maxlen, maxlen))

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = self.q(x), self.k(x), self.v(x)
        w = self.w[:n, :n].unsqueeze(0)
        num = torch.exp(w) @ torch.mul(torch.exp(k), v)
        den = torch.exp(w) @ torch.exp(k)
        return torch.sigmoid(q) * (num / den)


class Bahdanau(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.Wa, self.Ua, self.Va = nn.Linear(d, d // 4), nn.Linear(d, d // 4), nn.Linear(d // 4, 1)

    def forward(self, x):
        q = x.mean(1, keepdim=True)
        scores = self.Va(torch.tanh(self.Wa(q) + self.Ua(x)))
        scores = scores.squeeze(2).unsqueeze(1)
        weights = F.softmax(scores, dim=-1)
        context = torch.bmm(weights, x)
        return context, weights


class GAT(nn.Module):
    def __init__(self, c, out=16, heads=4, alpha=0.2):
        super().__init__()
        self.h, self.f = heads, out
        self.W = nn.Parameter(torch.empty(c, heads * out))
        self.a1 = nn.Parameter(torch.empty(heads, out))
        self.a2 = nn.Parameter(torch.empty(heads, out))
        self.leaky = nn.LeakyReLU(alpha)

    def forward(self, x):
        b, n, _ = x.shape
        Wh = torch.matmul(x, self.W).view(b, n, self.h, self.f)
        e1 = (Wh * self.a1).sum(-1)
        e2 = (Wh * self.a2).sum(-1)
        e = self.leaky(e1.unsqueeze(2) + e2.unsqueeze(1))
        att = F.softmax(e, dim=2)
        att = F.dropout(att, 0.6, training=self.training)
        out = torch.einsum('bijh,bjhf->bihf', att, Wh)
        return F.elu(out.reshape(b, n, -1))


class AttPool(nn.Module):
    def __init__(self, d, heads=4, side=None):
        super().__init__()
        self.num_heads = heads
        self.k_proj, self.q_proj, self.v_proj = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d)
        self.c_proj = nn.Linear(d, d)

    def forward(self, x):
        x = x.flatten(start_dim=2).permute(2, 0, 1)
        x = torch.cat([x.mean(dim=0, keepdim=True), x], dim=0)
        x, _ = F.multi_head_attention_forward(
            query=x[:1], key=x, value=x, embed_dim_to_check=x.shape[-1], num_heads=self.num_heads,
            q_proj_weight=self.q_proj.weight, k_proj_weight=self.k_proj.weight, v_proj_weight=self.v_proj.weight,
            in_proj_weight=None, in_proj_bias=torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias]),
            bias_k=None, bias_v=None, add_zero_attn=False, dropout_p=0, out_proj_weight=self.c_proj.weight, out_proj_bias=self.c_proj.bias,
            use_separate_proj_weight=True, training=self.training, need_weights=True)
        return x.squeeze(0)


class TalkingHeads(nn.Module):
    def __init__(self, d, heads=4):
        super().__init__()
        self.h = heads
        self.qkv = nn.Linear(d, 3 * d)
        self.l, self.w = nn.Linear(heads, heads), nn.Linear(heads, heads)
        self.o = nn.Linear(d, d)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.h, C // self.h).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0] * (C // self.h) ** -0.5, qkv[1], qkv[2]
        attn = q @ k.transpose(-2, -1)
        attn = self.l(attn.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        attn = attn.softmax(dim=-1)
        attn = self.w(attn.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return self.o((attn @ v).transpose(1, 2).reshape(B, N, C))


class GAU(nn.Module):
    def __init__(self, d, e=2, s=16):
        super().__init__()
        self.norm = nn.LayerNorm(d)
        self.uv = nn.Sequential(nn.Linear(d, 2 * e * d), nn.SiLU())
        self.z = nn.Sequential(nn.Linear(d, s), nn.SiLU())
        self.gamma = nn.Parameter(torch.ones(2, s))
        self.beta = nn.Parameter(torch.zeros(2, s))
        self.o = nn.Linear(e * d, d)

    def forward(self, x):
        n = x.shape[-2]
        nx = self.norm(x)
        v, gate = self.uv(nx).chunk(2, dim=-1)
        z = torch.einsum('...d,hd->...hd', self.z(nx), self.gamma) + self.beta
        q, k = z.unbind(dim=-2)
        sim = torch.einsum('bid,bjd->bij', q, k) / n
        A = F.relu(sim) ** 2
        V = torch.einsum('bij,bjd->bid', A, v)
        V = V * gate
        return self.o(V) + x


class Alibi(nn.Module):
    def __init__(self, d, heads=4):
        super().__init__()
        self.h = heads
        self.Wqkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        self.register_buffer('slopes', torch.tensor([2 ** (-8 * i / heads) for i in range(1, heads + 1)]).view(1, heads, 1, 1), persistent=True)

    def forward(self, x):
        b, t, d = x.shape
        q, k, v = self.Wqkv(x).chunk(3, dim=2)
        q = rearrange(q, 'b s (h d) -> b h s d', h=self.h)
        k = rearrange(k, 'b s (h d) -> b h d s', h=self.h)
        v = rearrange(v, 'b s (h d) -> b h s d', h=self.h)
        w = q.matmul(k) * (1 / math.sqrt(d // self.h))
        bias = torch.arange(1 - t, 1, dtype=torch.float32, device=x.device).view(1, 1, 1, t)
        w = w + bias * self.slopes
        causal = torch.ones(t, t, dtype=torch.bool, device=x.device).tril().logical_not()
        w = w.masked_fill(causal.view(1, 1, t, t), torch.finfo(w.dtype).min)
        w = torch.softmax(w, dim=-1)
        y = w.matmul(v)
        return self.out(rearrange(y, 'b h s d -> b s (h d)'))


class RelShift(nn.Module):
    def __init__(self, d, heads=4):
        super().__init__()
        self.h, self.dh = heads, d // heads
        self.q, self.k, self.v, self.p, self.o = nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d), nn.Linear(d, d, bias=False), nn.Linear(d, d)
        self.u = nn.Parameter(torch.zeros(heads, d // heads))
        self.t = nn.Parameter(torch.zeros(heads, d // heads))

    def shift(self, s):
        b, h, n1, n2 = s.size()
        zeros = s.new_zeros(b, h, n1, 1)
        padded = torch.cat([zeros, s], dim=-1)
        padded = padded.view(b, h, n2 + 1, n1)
        return padded[:, :, 1:].view_as(s)

    def forward(self, x):
        b, n, d = x.size()
        q = self.q(x).view(b, -1, self.h, self.dh)
        k = self.k(x).view(b, -1, self.h, self.dh).permute(0, 2, 1, 3)
        v = self.v(x).view(b, -1, self.h, self.dh).permute(0, 2, 1, 3)
        p = self.p(x).view(b, -1, self.h, self.dh)
        content = torch.matmul((q + self.u).transpose(1, 2), k.transpose(2, 3))
        pos = torch.matmul((q + self.t).transpose(1, 2), p.permute(0, 2, 3, 1))
        pos = self.shift(pos)
        score = (content + pos) / math.sqrt(d)
        attn = F.softmax(score, -1)
        ctx = torch.matmul(attn, v).transpose(1, 2)
        ctx = ctx.contiguous().view(b, -1, d)
        return self.o(ctx)


class MaxViTGrid(nn.Module):
    def __init__(self, dim, w=4, heads=4):
        super().__init__()
        self.w, self.heads = w, heads
        self.norm = nn.LayerNorm(dim)
        self.to_qkv = nn.Linear(dim, dim * 3, bias=False)
        self.to_out = nn.Sequential(nn.Linear(dim, dim, bias=False), nn.Dropout(0.1))
        self.bias = nn.Embedding((2 * w - 1) ** 2, heads)
        pos = torch.arange(w)
        grid = torch.stack(torch.meshgrid(pos, pos, indexing='ij'))
        grid = rearrange(grid, 'c i j -> (i j) c')
        rel = rearrange(grid, 'i ... -> i 1 ...') - rearrange(grid, 'j ... -> 1 j ...')
        rel += w - 1
        self.register_buffer('rel', (rel * torch.tensor([2 * w - 1, 1])).sum(dim=-1), persistent=False)

    def forward(self, x):
        x = rearrange(x, 'b d (w1 x) (w2 y) -> b x y w1 w2 d', w1=self.w, w2=self.w)
        batch, height, width, wh, ww, _ = x.shape
        skip = x
        x = self.norm(x)
        x = rearrange(x, 'b x y w1 w2 d -> (b x y) (w1 w2) d')
        q, k, v = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = map(lambda t: rearrange(t, 'b n (h d) -> b h n d', h=self.heads), (q, k, v))
        q = q * q.shape[-1] ** -0.5
        sim = torch.einsum('b h i d, b h j d -> b h i j', q, k)
        bias = self.bias(self.rel)
        sim = sim + rearrange(bias, 'i j h -> h i j')
        attn = sim.softmax(dim=-1)
        out = torch.einsum('b h i j, b h j d -> b h i d', attn, v)
        out = rearrange(out, 'b h (w1 w2) d -> b w1 w2 (h d)', w1=wh, w2=ww)
        out = self.to_out(out)
        out = rearrange(out, '(b x y) ... -> b x y ...', x=height, y=width)
        out = out + skip
        return rearrange(out, 'b x y w1 w2 d -> b d (w1 x) (w2 y)')


class Involution(nn.Module):
    def __init__(self, c, k=3, g=16, r=4):
        super().__init__()
        self.k, self.g, self.gc = k, c // g, g
        self.conv1 = nn.Sequential(nn.Conv2d(c, c // r, 1), nn.BatchNorm2d(c // r), nn.ReLU(inplace=True))
        self.conv2 = nn.Conv2d(c // r, k * k * (c // g), 1)
        self.unfold = nn.Unfold(k, 1, (k - 1) // 2, 1)

    def forward(self, x):
        weight = self.conv2(self.conv1(x))
        b, c, h, w = weight.shape
        weight = weight.view(b, self.g, self.k ** 2, h, w).unsqueeze(2)
        out = self.unfold(x).view(b, self.g, self.gc, self.k ** 2, h, w)
        return (weight * out).sum(dim=3).view(b, -1, h, w)


class FocalMod(nn.Module):
    def __init__(self, dim, levels=2):
        super().__init__()
        self.levels = levels
        self.f = nn.Linear(dim, 2 * dim + levels + 1)
        self.hh = nn.Conv2d(dim, dim, 1)
        self.act = nn.GELU()
        self.proj = nn.Linear(dim, dim)
        self.fl = nn.ModuleList([nn.Sequential(nn.Conv2d(dim, dim, 3 + 2 * k, groups=dim, padding=1 + k, bias=False), nn.GELU()) for k in range(levels)])

    def forward(self, x):
        C = x.shape[1]
        x = self.f(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2).contiguous()
        q, ctx, gates = torch.split(x, (C, C, self.levels + 1), 1)
        ctx_all = 0
        for l in range(self.levels):
            ctx = self.fl[l](ctx)
            ctx_all = ctx_all + ctx * gates[:, l:l + 1]
        ctx_global = self.act(ctx.mean(2, keepdim=True).mean(3, keepdim=True))
        ctx_all = ctx_all + ctx_global * gates[:, self.levels:]
        x_out = q * self.hh(ctx_all)
        x_out = x_out.permute(0, 2, 3, 1).contiguous()
        return self.proj(x_out).permute(0, 3, 1, 2)


class PMA(nn.Module):
    def __init__(self, d, heads=4, seeds=2):
        super().__init__()
        self.h, self.d = heads, d
        self.S = nn.Parameter(torch.empty(1, seeds, d))
        self.fc_q, self.fc_k, self.fc_v, self.fc_o = (nn.Linear(d, d) for _ in range(4))
        self.ln0, self.ln1 = nn.LayerNorm(d), nn.LayerNorm(d)

    def forward(self, x):
        Q = self.fc_q(self.S.repeat(x.size(0), 1, 1))
        K, V = self.fc_k(x), self.fc_v(x)
        split = self.d // self.h
        Q_ = torch.cat(Q.split(split, 2), 0)
        K_ = torch.cat(K.split(split, 2), 0)
        V_ = torch.cat(V.split(split, 2), 0)
        A = torch.softmax(Q_.bmm(K_.transpose(1, 2)) / math.sqrt(self.d), 2)
        O = torch.cat((Q_ + A.bmm(V_)).split(Q.size(0), 0), 2)
        O = self.ln0(O)
        O = O + F.relu(self.fc_o(O))
        return self.ln1(O)


class LeViTAtt(nn.Module):
    def __init__(self, dim, key_dim=8, heads=4, ratio=2, res=8):
        super().__init__()
        self.heads, self.kd, self.d = heads, key_dim, ratio * key_dim
        self.scale = key_dim ** -0.5
        self.qkv = nn.Linear(dim, heads * (2 * key_dim + self.d), bias=False)
        self.bn = nn.BatchNorm1d(heads * (2 * key_dim + self.d))
        self.act = nn.Hardswish()
        self.proj = nn.Linear(heads * self.d, dim, bias=False)
        self.biases = nn.Parameter(torch.zeros(heads, res * res))
        pts = [(i, j) for i in range(res) for j in range(res)]
        offsets, idxs = {}, []
        for p1 in pts:
            for p2 in pts:
                o = (abs(p1[0] - p2[0]), abs(p1[1] - p2[1]))
                if o not in offsets:
                    offsets[o] = len(offsets)
                idxs.append(offsets[o])
        self.register_buffer('idxs', torch.LongTensor(idxs).view(res * res, res * res))

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x)
        qkv = self.bn(qkv.flatten(0, 1)).reshape_as(qkv)
        q, k, v = qkv.view(B, N, self.heads, -1).split([self.kd, self.kd, self.d], dim=3)
        q, k, v = q.permute(0, 2, 1, 3), k.permute(0, 2, 1, 3), v.permute(0, 2, 1, 3)
        attn = (q @ k.transpose(-2, -1)) * self.scale + self.biases[:, self.idxs]
        attn = attn.softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, self.heads * self.d)
        return self.proj(self.act(x))


class SEInplace(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.c1 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.b1 = nn.BatchNorm2d(c)
        self.a1 = nn.ReLU(inplace=True)
        self.c2 = nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.b2 = nn.BatchNorm2d(c)
        self.fc1, self.fc2 = nn.Conv2d(c, c // r, 1), nn.Conv2d(c // r, c, 1)
        self.sig = nn.Sigmoid()

    def forward(self, x):
        shortcut = x
        x = self.a1(self.b1(self.c1(x)))
        x = self.b2(self.c2(x))
        s = x.mean((2, 3), keepdim=True)
        s = self.fc2(F.relu_(self.fc1(s)))
        x = x * self.sig(s)
        x += shortcut
        return F.relu(x, inplace=True)


class ResNeSt(nn.Module):
    """split attention"""

    def __init__(self, c, radix=2, r=4):
        super().__init__()
        self.radix = radix
        self.conv = nn.Conv2d(c, c * radix, 3, padding=1, groups=2 * radix, bias=False)
        self.bn0 = nn.BatchNorm2d(c * radix)
        self.relu = nn.ReLU(inplace=True)
        self.fc1 = nn.Conv2d(c, c // r, 1, groups=2)
        self.bn1 = nn.BatchNorm2d(c // r)
        self.fc2 = nn.Conv2d(c // r, c * radix, 1, groups=2)

    def forward(self, x):
        x = self.relu(self.bn0(self.conv(x)))
        batch, rchannel = x.shape[:2]
        splited = torch.split(x, rchannel // self.radix, dim=1)
        gap = sum(splited)
        gap = F.adaptive_avg_pool2d(gap, 1)
        gap = self.relu(self.bn1(self.fc1(gap)))
        atten = self.fc2(gap)
        atten = atten.view(batch, 2, self.radix, -1).transpose(1, 2)
        atten = F.softmax(atten, dim=1).reshape(batch, -1).view(batch, -1, 1, 1)
        attens = torch.split(atten, rchannel // self.radix, dim=1)
        out = sum([att * split for (att, split) in zip(attens, splited)])
        return out.contiguous()


class PSA(nn.Module):
    """polarized self-attention"""

    def __init__(self, c):
        super().__init__()
        self.ch_wv, self.ch_wq = nn.Conv2d(c, c // 2, 1), nn.Conv2d(c, 1, 1)
        self.softmax_channel, self.softmax_spatial = nn.Softmax(1), nn.Softmax(-1)
        self.ch_wz, self.ln, self.sigmoid = nn.Conv2d(c // 2, c, 1), nn.LayerNorm(c), nn.Sigmoid()
        self.sp_wv, self.sp_wq = nn.Conv2d(c, c // 2, 1), nn.Conv2d(c, c // 2, 1)
        self.agp = nn.AdaptiveAvgPool2d((1, 1))

    def forward(self, x):
        b, c, h, w = x.size()
        wv = self.ch_wv(x).reshape(b, c // 2, -1)
        wq = self.softmax_channel(self.ch_wq(x).reshape(b, -1, 1))
        wz = torch.matmul(wv, wq).unsqueeze(-1)
        weight = self.sigmoid(self.ln(self.ch_wz(wz).reshape(b, c, 1).permute(0, 2, 1))).permute(0, 2, 1).reshape(b, c, 1, 1)
        channel_out = weight * x
        swv = self.sp_wv(channel_out).reshape(b, c // 2, -1)
        swq = self.agp(self.sp_wq(channel_out)).permute(0, 2, 3, 1).reshape(b, 1, c // 2)
        swq = self.softmax_spatial(swq)
        swz = torch.matmul(swq, swv)
        sw = self.sigmoid(swz.reshape(b, 1, h, w))
        return sw * channel_out
