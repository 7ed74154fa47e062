"""More modules whose memory torch was asked for: `modules2.jsonl` has what it holds of each."""
import math
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from einops import rearrange, repeat
from einops.layers.torch import Rearrange
from torch.nn import Conv2d, Module, Parameter, Softmax


class PAM(Module):
    def __init__(self, in_dim):
        super(PAM, self).__init__()
        self.chanel_in = in_dim
        self.query_conv = Conv2d(in_channels=in_dim, out_channels=in_dim // 8, kernel_size=1)
        self.key_conv = Conv2d(in_channels=in_dim, out_channels=in_dim // 8, kernel_size=1)
        self.value_conv = Conv2d(in_channels=in_dim, out_channels=in_dim, kernel_size=1)
        self.gamma = Parameter(torch.zeros(1))
        self.softmax = Softmax(dim=-1)

    def forward(self, x):
        m_batchsize, C, height, width = x.size()
        proj_query = self.query_conv(x).view(m_batchsize, -1, width * height).permute(0, 2, 1)
        proj_key = self.key_conv(x).view(m_batchsize, -1, width * height)
        energy = torch.bmm(proj_query, proj_key)
        attention = self.softmax(energy)
        proj_value = self.value_conv(x).view(m_batchsize, -1, width * height)
        out = torch.bmm(proj_value, attention.permute(0, 2, 1))
        out = out.view(m_batchsize, C, height, width)
        out = self.gamma * out + x
        return out


class CAM(Module):
    def __init__(self, in_dim):
        super(CAM, self).__init__()
        self.chanel_in = in_dim
        self.gamma = Parameter(torch.zeros(1))
        self.softmax = Softmax(dim=-1)

    def forward(self, x):
        m_batchsize, C, height, width = x.size()
        proj_query = x.view(m_batchsize, C, -1)
        proj_key = x.view(m_batchsize, C, -1).permute(0, 2, 1)
        energy = torch.bmm(proj_query, proj_key)
        energy_new = torch.max(energy, -1, keepdim=True)[0].expand_as(energy) - energy
        attention = self.softmax(energy_new)
        proj_value = x.view(m_batchsize, C, -1)
        out = torch.bmm(attention, proj_value)
        out = out.view(m_batchsize, C, height, width)
        out = self.gamma * out + x
        return out


class DualHead(nn.Module):
    """Both attentions between convolutions, three outputs."""

    def __init__(self, in_channels, out_channels=8):
        super().__init__()
        inter = in_channels // 4
        self.conv5a = nn.Sequential(nn.Conv2d(in_channels, inter, 3, padding=1, bias=False), nn.BatchNorm2d(inter), nn.ReLU())
        self.conv5c = nn.Sequential(nn.Conv2d(in_channels, inter, 3, padding=1, bias=False), nn.BatchNorm2d(inter), nn.ReLU())
        self.sa = PAM(inter)
        self.sc = CAM(inter)
        self.conv51 = nn.Sequential(nn.Conv2d(inter, inter, 3, padding=1, bias=False), nn.BatchNorm2d(inter), nn.ReLU())
        self.conv52 = nn.Sequential(nn.Conv2d(inter, inter, 3, padding=1, bias=False), nn.BatchNorm2d(inter), nn.ReLU())
        self.conv8 = nn.Sequential(nn.Dropout2d(0.1, False), nn.Conv2d(inter, out_channels, 1))

    def forward(self, x):
        feat1 = self.conv5a(x)
        sa_feat = self.sa(feat1)
        sa_conv = self.conv51(sa_feat)
        feat2 = self.conv5c(x)
        sc_feat = self.sc(feat2)
        sc_conv = self.conv52(sc_feat)
        feat_sum = sa_conv + sc_conv
        return self.conv8(feat_sum)


class DoubleAttention(nn.Module):
    def __init__(self, channels, c_m=None, c_n=None, reconstruct=True):
        super().__init__()
        self.reconstruct = reconstruct
        self.c_m = c_m or channels // 2
        self.c_n = c_n or channels // 2
        self.convA = nn.Conv2d(channels, self.c_m, kernel_size=1)
        self.convB = nn.Conv2d(channels, self.c_n, kernel_size=1)
        self.convV = nn.Conv2d(channels, self.c_n, kernel_size=1)
        if self.reconstruct:
            self.conv_reconstruct = nn.Conv2d(self.c_m, channels, kernel_size=1)

    def forward(self, x):
        b, c, h, w = x.shape
        A = self.convA(x)
        B = self.convB(x)
        V = self.convV(x)
        tmpA = A.view(b, self.c_m, -1)
        attention_maps = F.softmax(B.view(b, self.c_n, -1), dim=-1)
        attention_vectors = F.softmax(V.view(b, self.c_n, -1), dim=1)
        global_descriptors = torch.bmm(tmpA, attention_maps.permute(0, 2, 1))
        tmpZ = global_descriptors.matmul(attention_vectors)
        tmpZ = tmpZ.view(b, self.c_m, h, w)
        if self.reconstruct:
            tmpZ = self.conv_reconstruct(tmpZ)
        return tmpZ


class GlobalContext(nn.Module):
    def __init__(self, inplanes, ratio=1. / 4, pooling_type='att', fusion_types=('channel_add', 'channel_mul')):
        super().__init__()
        assert pooling_type in ['avg', 'att']
        self.planes = int(inplanes * ratio)
        self.pooling_type = pooling_type
        self.fusion_types = fusion_types
        if pooling_type == 'att':
            self.conv_mask = nn.Conv2d(inplanes, 1, kernel_size=1)
            self.softmax = nn.Softmax(dim=2)
        else:
            self.avg_pool = nn.AdaptiveAvgPool2d(1)
        if 'channel_add' in fusion_types:
            self.channel_add_conv = nn.Sequential(
                nn.Conv2d(inplanes, self.planes, kernel_size=1), nn.LayerNorm([self.planes, 1, 1]), nn.ReLU(inplace=True), nn.Conv2d(self.planes, inplanes, kernel_size=1))
        else:
            self.channel_add_conv = None
        if 'channel_mul' in fusion_types:
            self.channel_mul_conv = nn.Sequential(
                nn.Conv2d(inplanes, self.planes, kernel_size=1), nn.LayerNorm([self.planes, 1, 1]), nn.ReLU(inplace=True), nn.Conv2d(self.planes, inplanes, kernel_size=1))
        else:
            self.channel_mul_conv = None

    def spatial_pool(self, x):
        batch, channel, height, width = x.size()
        if self.pooling_type == 'att':
            input_x = x
            input_x = input_x.view(batch, channel, height * width)
            input_x = input_x.unsqueeze(1)
            context_mask = self.conv_mask(x)
            context_mask = context_mask.view(batch, 1, height * width)
            context_mask = self.softmax(context_mask)
            context_mask = context_mask.unsqueeze(-1)
            context = torch.matmul(input_x, context_mask)
            context = context.view(batch, channel, 1, 1)
        else:
            context = self.avg_pool(x)
        return context

    def forward(self, x):
        context = self.spatial_pool(x)
        out = x
        if self.channel_mul_conv is not None:
            channel_mul_term = torch.sigmoid(self.channel_mul_conv(context))
            out = out * channel_mul_term
        if self.channel_add_conv is not None:
            channel_add_term = self.channel_add_conv(context)
            out = out + channel_add_term
        return out


class ECA(nn.Module):
    def __init__(self, channels, gamma=2, b=1):
        super().__init__()
        t = int(abs((math.log(channels, 2) + b) / gamma))
        k = t if t % 2 else t + 1
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.conv = nn.Conv1d(1, 1, kernel_size=k, padding=(k - 1) // 2, bias=False)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        y = self.avg_pool(x)
        y = self.conv(y.squeeze(-1).transpose(-1, -2)).transpose(-1, -2).unsqueeze(-1)
        y = self.sigmoid(y)
        return x * y.expand_as(x)


class BAM(nn.Module):
    def __init__(self, channels, reduction=16, dilation=4):
        super().__init__()
        mid = channels // reduction
        self.fc1 = nn.Linear(channels, mid)
        self.bn1 = nn.BatchNorm1d(mid)
        self.fc2 = nn.Linear(mid, channels)
        self.reduce = nn.Conv2d(channels, mid, 1)
        self.bn2 = nn.BatchNorm2d(mid)
        self.convs = nn.ModuleList(nn.Conv2d(mid, mid, 3, padding=dilation, dilation=dilation) for _ in range(2))
        self.bns = nn.ModuleList(nn.BatchNorm2d(mid) for _ in range(2))
        self.final = nn.Conv2d(mid, 1, 1)

    def forward(self, x):
        n, c, h, w = x.shape
        gap = F.avg_pool2d(x, (h, w), stride=(h, w)).flatten(1)
        channel = self.fc2(F.relu(self.bn1(self.fc1(gap))))
        channel = channel.unsqueeze(2).unsqueeze(3).expand_as(x)
        s = F.relu(self.bn2(self.reduce(x)))
        for conv, bn in zip(self.convs, self.bns):
            s = F.relu(bn(conv(s)), inplace=True)
        s = self.final(s).expand_as(x)
        att = 1 + torch.sigmoid(channel * s)
        return att * x


class ZPool(nn.Module):
    def forward(self, x):
        return torch.cat((torch.max(x, 1)[0].unsqueeze(1), torch.mean(x, 1).unsqueeze(1)), dim=1)


class GateOfPlane(nn.Module):
    def __init__(self):
        super().__init__()
        self.compress = ZPool()
        self.conv = nn.Sequential(nn.Conv2d(2, 1, 7, stride=1, padding=3, bias=False), nn.BatchNorm2d(1, eps=1e-5, momentum=0.01, affine=True))

    def forward(self, x):
        x_compress = self.compress(x)
        x_out = self.conv(x_compress)
        scale = torch.sigmoid_(x_out)
        return x * scale


class TripletAttention(nn.Module):
    def __init__(self, channels=None, no_spatial=False):
        super().__init__()
        self.cw = GateOfPlane()
        self.hc = GateOfPlane()
        self.no_spatial = no_spatial
        if not no_spatial:
            self.hw = GateOfPlane()

    def forward(self, x):
        x_perm1 = x.permute(0, 2, 1, 3).contiguous()
        x_out1 = self.cw(x_perm1)
        x_out11 = x_out1.permute(0, 2, 1, 3).contiguous()
        x_perm2 = x.permute(0, 3, 2, 1).contiguous()
        x_out2 = self.hc(x_perm2)
        x_out21 = x_out2.permute(0, 3, 2, 1).contiguous()
        if not self.no_spatial:
            x_out = self.hw(x)
            x_out = 1 / 3 * (x_out + x_out11 + x_out21)
        else:
            x_out = 1 / 2 * (x_out11 + x_out21)
        return x_out


class ExternalAttention(nn.Module):
    def __init__(self, c, k=32):
        super().__init__()
        self.k = k
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


def window_partition(x, window_size):
    B, H, W, C = x.shape
    x = x.view(B, H // window_size, window_size, W // window_size, window_size, C)
    windows = x.permute(0, 1, 3, 2, 4, 5).contiguous().view(-1, window_size, window_size, C)
    return windows


def window_reverse(windows, window_size, H, W):
    B = int(windows.shape[0] / (H * W / window_size / window_size))
    x = windows.view(B, H // window_size, W // window_size, window_size, window_size, -1)
    x = x.permute(0, 1, 3, 2, 4, 5).contiguous().view(B, H, W, -1)
    return x


class WindowMSA(nn.Module):
    def __init__(self, dim, window_size, num_heads, qkv_bias=True, qk_scale=None, attn_drop=0., proj_drop=0.):
        super().__init__()
        self.dim = dim
        self.window_size = window_size
        self.num_heads = num_heads
        head_dim = dim // num_heads
        self.scale = qk_scale or head_dim ** -0.5
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window_size[0] - 1) * (2 * window_size[1] - 1), num_heads))
        coords_h = torch.arange(self.window_size[0])
        coords_w = torch.arange(self.window_size[1])
        coords = torch.stack(torch.meshgrid([coords_h, coords_w], indexing='ij'))
        coords_flatten = torch.flatten(coords, 1)
        relative_coords = coords_flatten[:, :, None] - coords_flatten[:, None, :]
        relative_coords = relative_coords.permute(1, 2, 0).contiguous()
        relative_coords[:, :, 0] += self.window_size[0] - 1
        relative_coords[:, :, 1] += self.window_size[1] - 1
        relative_coords[:, :, 0] *= 2 * self.window_size[1] - 1
        relative_position_index = relative_coords.sum(-1)
        self.register_buffer("relative_position_index", relative_position_index)
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.attn_drop = nn.Dropout(attn_drop)
        self.proj = nn.Linear(dim, dim)
        self.proj_drop = nn.Dropout(proj_drop)
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x, mask=None):
        B_, N, C = x.shape
        qkv = self.qkv(x).reshape(B_, N, 3, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        q = q * self.scale
        attn = (q @ k.transpose(-2, -1))
        relative_position_bias = self.relative_position_bias_table[self.relative_position_index.view(-1)].view(
            self.window_size[0] * self.window_size[1], self.window_size[0] * self.window_size[1], -1)
        relative_position_bias = relative_position_bias.permute(2, 0, 1).contiguous()
        attn = attn + relative_position_bias.unsqueeze(0)
        if mask is not None:
            nW = mask.shape[0]
            attn = attn.view(B_ // nW, nW, self.num_heads, N, N) + mask.unsqueeze(1).unsqueeze(0)
            attn = attn.view(-1, self.num_heads, N, N)
            attn = self.softmax(attn)
        else:
            attn = self.softmax(attn)
        attn = self.attn_drop(attn)
        x = (attn @ v).transpose(1, 2).reshape(B_, N, C)
        x = self.proj(x)
        x = self.proj_drop(x)
        return x


class ShiftedBlock(nn.Module):
    def __init__(self, dim, resolution=(8, 8), num_heads=2, window_size=4, shift_size=2, mlp_ratio=2.):
        super().__init__()
        self.dim, self.resolution, self.num_heads, self.window_size, self.shift_size = dim, resolution, num_heads, window_size, shift_size
        self.norm1 = nn.LayerNorm(dim)
        self.attn = WindowMSA(dim, (window_size, window_size), num_heads)
        self.norm2 = nn.LayerNorm(dim)
        hidden = int(dim * mlp_ratio)
        self.fc1, self.act, self.fc2, self.drop = nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim), nn.Dropout(0.)
        if self.shift_size > 0:
            H, W = self.resolution
            img_mask = torch.zeros((1, H, W, 1))
            h_slices = (slice(0, -self.window_size), slice(-self.window_size, -self.shift_size), slice(-self.shift_size, None))
            w_slices = (slice(0, -self.window_size), slice(-self.window_size, -self.shift_size), slice(-self.shift_size, None))
            cnt = 0
            for h in h_slices:
                for w in w_slices:
                    img_mask[:, h, w, :] = cnt
                    cnt += 1
            mask_windows = window_partition(img_mask, self.window_size)
            mask_windows = mask_windows.view(-1, self.window_size * self.window_size)
            attn_mask = mask_windows.unsqueeze(1) - mask_windows.unsqueeze(2)
            attn_mask = attn_mask.masked_fill(attn_mask != 0, float(-100.0)).masked_fill(attn_mask == 0, float(0.0))
        else:
            attn_mask = None
        self.register_buffer("attn_mask", attn_mask)

    def forward(self, x):
        H, W = self.resolution
        B, L, C = x.shape
        assert L == H * W, "input feature has wrong size"
        shortcut = x
        x = self.norm1(x)
        x = x.view(B, H, W, C)
        if self.shift_size > 0:
            shifted_x = torch.roll(x, shifts=(-self.shift_size, -self.shift_size), dims=(1, 2))
        else:
            shifted_x = x
        x_windows = window_partition(shifted_x, self.window_size)
        x_windows = x_windows.view(-1, self.window_size * self.window_size, C)
        attn_windows = self.attn(x_windows, mask=self.attn_mask)
        attn_windows = attn_windows.view(-1, self.window_size, self.window_size, C)
        shifted_x = window_reverse(attn_windows, self.window_size, H, W)
        if self.shift_size > 0:
            x = torch.roll(shifted_x, shifts=(self.shift_size, self.shift_size), dims=(1, 2))
        else:
            x = shifted_x
        x = x.view(B, H * W, C)
        x = shortcut + x
        y = self.norm2(x)
        y = self.fc1(y)
        y = self.act(y)
        y = self.drop(y)
        y = self.fc2(y)
        y = self.drop(y)
        x = x + y
        return x


class XCA(nn.Module):
    def __init__(self, dim, num_heads=4, qkv_bias=False, attn_drop=0., proj_drop=0.):
        super().__init__()
        self.num_heads = num_heads
        self.temperature = nn.Parameter(torch.ones(num_heads, 1, 1))
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.attn_drop = nn.Dropout(attn_drop)
        self.proj = nn.Linear(dim, dim)
        self.proj_drop = nn.Dropout(proj_drop)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.num_heads, C // self.num_heads)
        qkv = qkv.permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0], qkv[1], qkv[2]
        q = q.transpose(-2, -1)
        k = k.transpose(-2, -1)
        v = v.transpose(-2, -1)
        q = torch.nn.functional.normalize(q, dim=-1)
        k = torch.nn.functional.normalize(k, dim=-1)
        attn = (q @ k.transpose(-2, -1)) * self.temperature
        attn = attn.softmax(dim=-1)
        attn = self.attn_drop(attn)
        x = (attn @ v).permute(0, 3, 1, 2).reshape(B, N, C)
        x = self.proj(x)
        x = self.proj_drop(x)
        return x


class GridAttention(nn.Module):
    """Blocks or a grid of an image, by einops."""

    def __init__(self, dim, heads=2, p=4, grid=False):
        super().__init__()
        self.heads, self.p, self.grid = heads, p, grid
        self.norm = nn.LayerNorm(dim)
        self.to_qkv = nn.Linear(dim, dim * 3, bias=False)
        self.to_out = nn.Sequential(nn.Linear(dim, dim, bias=False), nn.Dropout(0.1))
        self.scale = (dim // heads) ** -0.5

    def forward(self, x):
        p = self.p
        if self.grid:
            x = rearrange(x, 'b d (w1 x) (w2 y) -> b x y w1 w2 d', w1=p, w2=p)
        else:
            x = rearrange(x, 'b d (x w1) (y w2) -> b x y w1 w2 d', w1=p, w2=p)
        batch, height, width, wh, ww, _ = x.shape
        h = self.heads
        x = self.norm(x)
        x = rearrange(x, 'b x y w1 w2 d -> (b x y) (w1 w2) d')
        q, k, v = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = map(lambda t: rearrange(t, 'b n (h d) -> b h n d', h=h), (q, k, v))
        q = q * self.scale
        sim = torch.einsum('b h i d, b h j d -> b h i j', q, k)
        attn = sim.softmax(dim=-1)
        out = torch.einsum('b h i j, b h j d -> b h i d', attn, v)
        out = rearrange(out, 'b h (w1 w2) d -> b w1 w2 (h d)', w1=wh, w2=ww)
        out = self.to_out(out)
        if self.grid:
            return rearrange(out, '(b x y) w1 w2 d -> b d (w1 x) (w2 y)', x=height, y=width)
        return rearrange(out, '(b x y) w1 w2 d -> b d (x w1) (y w2)', x=height, y=width)


class ConvProjection(nn.Module):
    """Queries, keys and values by depthwise convolutions."""

    def __init__(self, dim, heads=2, stride_kv=2):
        super().__init__()
        self.heads = heads
        self.scale = dim ** -0.5
        self.conv_q = nn.Sequential(nn.Conv2d(dim, dim, 3, padding=1, groups=dim, bias=False), nn.BatchNorm2d(dim), Rearrange('b c h w -> b (h w) c'))
        self.conv_k = nn.Sequential(nn.Conv2d(dim, dim, 3, padding=1, stride=stride_kv, groups=dim, bias=False), nn.BatchNorm2d(dim), Rearrange('b c h w -> b (h w) c'))
        self.conv_v = nn.Sequential(nn.Conv2d(dim, dim, 3, padding=1, stride=stride_kv, groups=dim, bias=False), nn.BatchNorm2d(dim), Rearrange('b c h w -> b (h w) c'))
        self.proj_q, self.proj_k, self.proj_v = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, h, w):
        x = rearrange(x, 'b (h w) c -> b c h w', h=h, w=w)
        q, k, v = self.conv_q(x), self.conv_k(x), self.conv_v(x)
        q = rearrange(self.proj_q(q), 'b t (h d) -> b h t d', h=self.heads)
        k = rearrange(self.proj_k(k), 'b t (h d) -> b h t d', h=self.heads)
        v = rearrange(self.proj_v(v), 'b t (h d) -> b h t d', h=self.heads)
        attn_score = torch.einsum('bhlk,bhtk->bhlt', [q, k]) * self.scale
        attn = F.softmax(attn_score, dim=-1)
        x = torch.einsum('bhlt,bhtv->bhlv', [attn, v])
        x = rearrange(x, 'b h t d -> b t (h d)')
        return self.proj(x)


class LinearNorm(nn.Sequential):
    def __init__(self, a, b):
        super().__init__()
        self.add_module('c', nn.Linear(a, b, bias=False))
        self.add_module('bn', nn.BatchNorm1d(b))

    def forward(self, x):
        l, bn = self._modules.values()
        x = l(x)
        return bn(x.flatten(0, 1)).reshape_as(x)


class LeAttention(nn.Module):
    def __init__(self, dim, key_dim=8, num_heads=4, attn_ratio=2, resolution=8):
        super().__init__()
        self.num_heads = num_heads
        self.scale = key_dim ** -0.5
        self.key_dim = key_dim
        self.nh_kd = nh_kd = key_dim * num_heads
        self.d = int(attn_ratio * key_dim)
        self.dh = int(attn_ratio * key_dim) * num_heads
        h = self.dh + nh_kd * 2
        self.qkv = LinearNorm(dim, h)
        self.proj = nn.Sequential(nn.Hardswish(), LinearNorm(self.dh, dim))
        self.attention_biases = nn.Parameter(torch.zeros(num_heads, resolution * resolution))
        pos = torch.arange(resolution * resolution)
        y, x = pos // resolution, pos % resolution
        idxs = (y[:, None] - y[None, :]).abs() * resolution + (x[:, None] - x[None, :]).abs()
        self.register_buffer('attention_bias_idxs', idxs)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x)
        q, k, v = qkv.view(B, N, self.num_heads, -1).split([self.key_dim, self.key_dim, self.d], dim=3)
        q = q.permute(0, 2, 1, 3)
        k = k.permute(0, 2, 1, 3)
        v = v.permute(0, 2, 1, 3)
        attn = (q @ k.transpose(-2, -1)) * self.scale + self.attention_biases[:, self.attention_bias_idxs]
        attn = attn.softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, self.dh)
        x = self.proj(x)
        return x


class MobileBlock(nn.Module):
    def __init__(self, channels, dim=32, depth=2, patch=2, heads=2):
        super().__init__()
        self.ph = self.pw = patch
        self.heads = heads
        self.conv1 = nn.Sequential(nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels), nn.SiLU())
        self.conv2 = nn.Sequential(nn.Conv2d(channels, dim, 1, bias=False), nn.BatchNorm2d(dim), nn.SiLU())
        self.layers = nn.ModuleList([nn.ModuleList([nn.LayerNorm(dim), nn.Linear(dim, 3 * dim, bias=False), nn.Linear(dim, dim), nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, 2 * dim), nn.SiLU(), nn.Dropout(0.1), nn.Linear(2 * dim, dim))]) for _ in range(depth)])
        self.conv3 = nn.Sequential(nn.Conv2d(dim, channels, 1, bias=False), nn.BatchNorm2d(channels), nn.SiLU())
        self.conv4 = nn.Sequential(nn.Conv2d(2 * channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels), nn.SiLU())

    def forward(self, x):
        y = x.clone()
        x = self.conv1(x)
        x = self.conv2(x)
        _, _, h, w = x.shape
        x = rearrange(x, 'b d (h ph) (w pw) -> b (ph pw) (h w) d', ph=self.ph, pw=self.pw)
        for norm, qkv, out, ff in self.layers:
            q, k, v = (rearrange(t, 'b p n (h d) -> b p h n d', h=self.heads) for t in qkv(norm(x)).chunk(3, dim=-1))
            dots = torch.matmul(q, k.transpose(-1, -2)) * q.shape[-1] ** -0.5
            attn = dots.softmax(-1)
            o = torch.matmul(attn, v)
            o = rearrange(o, 'b p h n d -> b p n (h d)')
            x = out(o) + x
            x = ff(x) + x
        x = rearrange(x, 'b (ph pw) (h w) d -> b d (h ph) (w pw)', h=h // self.ph, w=w // self.pw, ph=self.ph, pw=self.pw)
        x = self.conv3(x)
        x = torch.cat((x, y), 1)
        x = self.conv4(x)
        return x


class AxialAttention(nn.Module):
    def __init__(self, planes, groups=4, kernel_size=8, width=False):
        super().__init__()
        self.planes, self.groups, self.kernel_size, self.width = planes, groups, kernel_size, width
        self.group_planes = planes // groups
        self.qkv_transform = nn.Conv1d(planes, planes * 2, kernel_size=1, bias=False)
        self.bn_qkv = nn.BatchNorm1d(planes * 2)
        self.bn_similarity = nn.BatchNorm2d(groups * 3)
        self.bn_output = nn.BatchNorm1d(planes * 2)
        self.relative = nn.Parameter(torch.randn(self.group_planes * 2, kernel_size * 2 - 1), requires_grad=True)
        query_index = torch.arange(kernel_size).unsqueeze(0)
        key_index = torch.arange(kernel_size).unsqueeze(1)
        relative_index = key_index - query_index + kernel_size - 1
        self.register_buffer('flatten_index', relative_index.view(-1))

    def forward(self, x):
        if self.width:
            x = x.permute(0, 2, 1, 3)
        else:
            x = x.permute(0, 3, 1, 2)
        N, W, C, H = x.shape
        x = x.contiguous().view(N * W, C, H)
        qkv = self.bn_qkv(self.qkv_transform(x))
        q, k, v = torch.split(qkv.reshape(N * W, self.groups, self.group_planes * 2, H), [self.group_planes // 2, self.group_planes // 2, self.group_planes], dim=2)
        all_embeddings = torch.index_select(self.relative, 1, self.flatten_index).view(self.group_planes * 2, self.kernel_size, self.kernel_size)
        q_embedding, k_embedding, v_embedding = torch.split(all_embeddings, [self.group_planes // 2, self.group_planes // 2, self.group_planes], dim=0)
        qr = torch.einsum('bgci,cij->bgij', q, q_embedding)
        kr = torch.einsum('bgci,cij->bgij', k, k_embedding).transpose(2, 3)
        qk = torch.einsum('bgci, bgcj->bgij', q, k)
        stacked_similarity = torch.cat([qk, qr, kr], dim=1)
        stacked_similarity = self.bn_similarity(stacked_similarity).view(N * W, 3, self.groups, H, H).sum(dim=1)
        similarity = F.softmax(stacked_similarity, dim=3)
        sv = torch.einsum('bgij,bgcj->bgci', similarity, v)
        sve = torch.einsum('bgij,cij->bgci', similarity, v_embedding)
        stacked_output = torch.cat([sv, sve], dim=-1).view(N * W, self.planes * 2, H)
        output = self.bn_output(stacked_output).view(N, W, self.planes, 2, H).sum(dim=-2)
        if self.width:
            output = output.permute(0, 2, 1, 3)
        else:
            output = output.permute(0, 2, 3, 1)
        return output


class Performer(nn.Module):
    def __init__(self, dim, heads=4, features=16):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.register_buffer('projection', torch.randn(features, dim // heads))
        self.proj = nn.Linear(dim, dim)

    def features(self, data, is_query, eps=1e-4):
        d = data.shape[-1]
        normalizer = d ** -0.25
        ratio = self.projection.shape[0] ** -0.5
        projected = torch.einsum('...id,...jd->...ij', normalizer * data, self.projection)
        diag = data ** 2
        diag = torch.sum(diag, dim=-1)
        diag = (diag / 2.0) * (normalizer ** 2)
        diag = diag.unsqueeze(dim=-1)
        if is_query:
            return ratio * (torch.exp(projected - diag - torch.amax(projected, dim=-1, keepdim=True).detach()) + eps)
        return ratio * (torch.exp(projected - diag - torch.amax(projected, dim=(-1, -2), keepdim=True).detach()) + eps)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        q = self.features(q, True)
        k = self.features(k, False)
        k_sum = k.sum(dim=-2)
        d_inv = 1. / torch.einsum('...nd,...d->...n', q, k_sum.type_as(q))
        context = torch.einsum('...nd,...ne->...de', k, v)
        out = torch.einsum('...de,...nd,...n->...ne', context, q, d_inv)
        return self.proj(out.transpose(1, 2).reshape(b, n, c))


class CausalLinear(nn.Module):
    """Linear attention with running sums."""

    def __init__(self, dim, heads=2):
        super().__init__()
        self.h = heads
        self.q, self.k, self.v = (nn.Linear(dim, dim, bias=False) for _ in range(3))
        self.o = nn.Linear(dim, dim)

    def forward(self, x):
        B, L, D = x.shape
        q = F.elu(self.q(x)) + 1
        k = F.elu(self.k(x)) + 1
        v = self.v(x)
        q, k, v = [t.view(B, L, self.h, D // self.h).transpose(1, 2) for t in (q, k, v)]
        kv = (k.unsqueeze(-1) * v.unsqueeze(-2)).cumsum(dim=2)
        z = 1 / ((q * k.cumsum(2)).sum(-1, keepdim=True) + 1e-6)
        y = (q.unsqueeze(-2) @ kv).squeeze(-2) * z
        return self.o(y.transpose(1, 2).reshape(B, L, D))


class Nystrom(nn.Module):
    def __init__(self, dim, heads=2, landmarks=8, iters=3):
        super().__init__()
        self.heads, self.m, self.iters = heads, landmarks, iters
        self.scale = (dim // heads) ** -0.5
        self.to_qkv = nn.Linear(dim, dim * 3, bias=False)
        self.to_out = nn.Linear(dim, dim)
        self.conv = nn.Conv2d(heads, heads, (9, 1), padding=(4, 0), groups=heads, bias=False)

    def pinv(self, mat):
        ident = torch.eye(mat.size(-1), device=mat.device)
        k = mat
        v = 1 / torch.max(torch.sum(k, dim=-2)) * k.transpose(-1, -2)
        for _ in range(self.iters):
            kv = torch.matmul(k, v)
            v = torch.matmul(0.25 * v, 13 * ident - torch.matmul(kv, 15 * ident - torch.matmul(kv, 7 * ident - kv)))
        return v

    def forward(self, x):
        b, n, c = x.shape
        h, m = self.heads, self.m
        q, k, v = self.to_qkv(x).chunk(3, dim=-1)
        q, k, v = map(lambda t: rearrange(t, 'b n (h d) -> b h n d', h=h), (q, k, v))
        q = q * self.scale
        q_l = q.reshape(b, h, m, n // m, c // h).mean(dim=-2)
        k_l = k.reshape(b, h, m, n // m, c // h).mean(dim=-2)
        k1 = F.softmax(q @ k_l.transpose(-1, -2), dim=-1)
        k2 = F.softmax(q_l @ k_l.transpose(-1, -2), dim=-1)
        k3 = F.softmax(q_l @ k.transpose(-1, -2), dim=-1)
        out = (k1 @ self.pinv(k2)) @ (k3 @ v)
        out = out + self.conv(v)
        return self.to_out(rearrange(out, 'b h n d -> b n (h d)', h=h))


class Linformer(nn.Module):
    def __init__(self, dim, seq_len=64, k=16, heads=4):
        super().__init__()
        self.heads, self.k = heads, k
        self.dim_head = dim // heads
        self.to_q = nn.Linear(dim, dim, bias=False)
        self.to_k = nn.Linear(dim, dim, bias=False)
        self.to_v = nn.Linear(dim, dim, bias=False)
        self.proj_k = nn.Parameter(torch.zeros(seq_len, k))
        self.proj_v = nn.Parameter(torch.zeros(seq_len, k))
        self.dropout = nn.Dropout(0.1)
        self.to_out = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, d = x.shape
        d_h, h, k = self.dim_head, self.heads, self.k
        queries = self.to_q(x)
        proj_seq_len = lambda args: torch.einsum('bnd,nk->bkd', *args)
        keys = self.to_k(x)
        values = self.to_v(x)
        keys, values = map(proj_seq_len, zip((keys, values), (self.proj_k, self.proj_v)))
        queries = queries.reshape(b, n, h, -1).transpose(1, 2)
        merge_key_values = lambda t: t.reshape(b, k, -1, d_h).transpose(1, 2).expand(-1, h, -1, -1)
        keys, values = map(merge_key_values, (keys, values))
        dots = torch.einsum('bhnd,bhkd->bhnk', queries, keys) * (d_h ** -0.5)
        attn = dots.softmax(dim=-1)
        attn = self.dropout(attn)
        out = torch.einsum('bhnk,bhkd->bhnd', attn, values)
        out = out.transpose(1, 2).reshape(b, n, -1)
        return self.to_out(out)


class LambdaLayer(nn.Module):
    def __init__(self, dim, dim_k=8, heads=4, u=1, r=7):
        super().__init__()
        self.u, self.heads = u, heads
        dim_v = dim // heads
        self.to_q = nn.Conv2d(dim, dim_k * heads, 1, bias=False)
        self.to_k = nn.Conv2d(dim, dim_k * u, 1, bias=False)
        self.to_v = nn.Conv2d(dim, dim_v * u, 1, bias=False)
        self.norm_q = nn.BatchNorm2d(dim_k * heads)
        self.norm_v = nn.BatchNorm2d(dim_v * u)
        self.pos_conv = nn.Conv3d(u, dim_k, (1, r, r), padding=(0, r // 2, r // 2))

    def forward(self, x):
        b, c, hh, ww = x.shape
        u, h = self.u, self.heads
        q = self.to_q(x)
        k = self.to_k(x)
        v = self.to_v(x)
        q = self.norm_q(q)
        v = self.norm_v(v)
        q = rearrange(q, 'b (h k) hh ww -> b h k (hh ww)', h=h)
        k = rearrange(k, 'b (u k) hh ww -> b u k (hh ww)', u=u)
        v = rearrange(v, 'b (u v) hh ww -> b u v (hh ww)', u=u)
        k = k.softmax(dim=-1)
        lc = torch.einsum('b u k m, b u v m -> b k v', k, v)
        Yc = torch.einsum('b h k n, b k v -> b h v n', q, lc)
        v = rearrange(v, 'b u v (hh ww) -> b u v hh ww', hh=hh, ww=ww)
        lp = self.pos_conv(v)
        Yp = torch.einsum('b h k n, b k v n -> b h v n', q, lp.flatten(3))
        Y = Yc + Yp
        out = rearrange(Y, 'b h v (hh ww) -> b (h v) hh ww', hh=hh, ww=ww)
        return out


class Halo(nn.Module):
    def __init__(self, dim, block=4, halo=1, heads=2):
        super().__init__()
        self.block, self.halo, self.heads = block, halo, heads
        self.scale = (dim // heads) ** -0.5
        self.to_q = nn.Linear(dim, dim, bias=False)
        self.to_kv = nn.Linear(dim, dim * 2, bias=False)
        self.to_out = nn.Linear(dim, dim)

    def forward(self, x):
        b, c, h, w = x.shape
        block, halo, heads = self.block, self.halo, self.heads
        q_inp = rearrange(x, 'b c (h p1) (w p2) -> (b h w) (p1 p2) c', p1=block, p2=block)
        kv_inp = F.unfold(x, kernel_size=block + halo * 2, stride=block, padding=halo)
        kv_inp = rearrange(kv_inp, 'b (c j) i -> (b i) j c', c=c)
        q = self.to_q(q_inp)
        k, v = self.to_kv(kv_inp).chunk(2, dim=-1)
        q, k, v = map(lambda t: rearrange(t, 'b n (h d) -> (b h) n d', h=heads), (q, k, v))
        q *= self.scale
        sim = torch.einsum('b i d, b j d -> b i j', q, k)
        mask = torch.ones(1, 1, h, w, device=x.device)
        mask = F.unfold(mask, kernel_size=block + halo * 2, stride=block, padding=halo)
        mask = repeat(mask, '() j i -> (b i h) () j', b=b, h=heads)
        mask = mask.bool()
        max_neg_value = -torch.finfo(sim.dtype).max
        sim.masked_fill_(~mask, max_neg_value)
        attn = sim.softmax(dim=-1)
        out = torch.einsum('b i j, b j d -> b i d', attn, v)
        out = rearrange(out, '(b h) n d -> b n (h d)', h=heads)
        out = self.to_out(out)
        out = rearrange(out, '(b h w) (p1 p2) c -> b c (h p1) (w p2)', b=b, h=h // block, w=w // block, p1=block, p2=block)
        return out


class StandAlone(nn.Module):
    def __init__(self, channels, kernel_size=3, groups=2):
        super().__init__()
        self.k, self.groups, self.pad = kernel_size, groups, kernel_size // 2
        self.rel_h = nn.Parameter(torch.randn(channels // 2, 1, 1, kernel_size, 1))
        self.rel_w = nn.Parameter(torch.randn(channels // 2, 1, 1, 1, kernel_size))
        self.key_conv = nn.Conv2d(channels, channels, 1, bias=False)
        self.query_conv = nn.Conv2d(channels, channels, 1, bias=False)
        self.value_conv = nn.Conv2d(channels, channels, 1, bias=False)
        self.out_channels = channels

    def forward(self, x):
        batch, channels, height, width = x.size()
        padded_x = F.pad(x, [self.pad, self.pad, self.pad, self.pad])
        q_out = self.query_conv(x)
        k_out = self.key_conv(padded_x)
        v_out = self.value_conv(padded_x)
        k_out = k_out.unfold(2, self.k, 1).unfold(3, self.k, 1)
        v_out = v_out.unfold(2, self.k, 1).unfold(3, self.k, 1)
        k_out_h, k_out_w = k_out.split(self.out_channels // 2, dim=1)
        k_out = torch.cat((k_out_h + self.rel_h, k_out_w + self.rel_w), dim=1)
        k_out = k_out.contiguous().view(batch, self.groups, self.out_channels // self.groups, height, width, -1)
        v_out = v_out.contiguous().view(batch, self.groups, self.out_channels // self.groups, height, width, -1)
        q_out = q_out.view(batch, self.groups, self.out_channels // self.groups, height, width, 1)
        out = q_out * k_out
        out = F.softmax(out, dim=-1)
        out = torch.einsum('bnchwk,bnchwk -> bnchw', out, v_out).view(batch, -1, height, width)
        return out


class AlibiDecoder(nn.Module):
    def __init__(self, dim, heads=4, max_len=128):
        super().__init__()
        self.heads = heads
        self.key = nn.Linear(dim, dim)
        self.query = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        self.dropout = nn.Dropout(0.1)
        m = torch.arange(1, heads + 1)
        self.register_buffer('m', (1 / torch.pow(2, m * 8 / heads)).unsqueeze(0).unsqueeze(-1).unsqueeze(-1))
        self.register_buffer('mask', torch.tril(torch.ones(1, 1, max_len, max_len)))

    def forward(self, x):
        batch_size, seq_len, _ = x.shape
        pos = torch.arange(seq_len, device=x.device)
        rel = pos[None, :] - pos[:, None]
        bias = (self.m * rel).unsqueeze(0) if self.m.dim() == 3 else self.m * rel
        key = self.key(x).reshape(batch_size, seq_len, self.heads, -1).permute(0, 2, 3, 1)
        value = self.value(x).reshape(batch_size, seq_len, self.heads, -1).transpose(1, 2)
        query = self.query(x).reshape(batch_size, seq_len, self.heads, -1).transpose(1, 2)
        score = torch.matmul(query, key) / math.sqrt(query.size(-1)) + bias
        score = score.masked_fill(self.mask[:, :, :seq_len, :seq_len] == 0, float('-inf'))
        attn = F.softmax(score, dim=-1)
        out = torch.matmul(attn, value)
        out = out.transpose(1, 2)
        out = out.reshape(batch_size, seq_len, -1)
        out = self.dropout(out)
        return out


class RMSNorm(nn.Module):
    def __init__(self, dim, eps=1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def _norm(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps)

    def forward(self, x):
        output = self._norm(x.float()).type_as(x)
        return output * self.weight


def rotate_half(x):
    x1 = x[..., : x.shape[-1] // 2]
    x2 = x[..., x.shape[-1] // 2:]
    return torch.cat((-x2, x1), dim=-1)


def repeat_kv(hidden_states: Tensor, n_rep: int) -> Tensor:
    batch, num_key_value_heads, slen, head_dim = hidden_states.shape
    if n_rep == 1:
        return hidden_states
    hidden_states = hidden_states[:, :, None, :, :].expand(batch, num_key_value_heads, n_rep, slen, head_dim)
    return hidden_states.reshape(batch, num_key_value_heads * n_rep, slen, head_dim)


class LlamaLayer(nn.Module):
    def __init__(self, dim, heads=4, kv_heads=2, ratio=2, theta=10000.0):
        super().__init__()
        self.heads, self.kv, self.d = heads, kv_heads, dim // heads
        self.q_proj = nn.Linear(dim, heads * self.d, bias=False)
        self.k_proj = nn.Linear(dim, kv_heads * self.d, bias=False)
        self.v_proj = nn.Linear(dim, kv_heads * self.d, bias=False)
        self.o_proj = nn.Linear(heads * self.d, dim, bias=False)
        self.gate_proj = nn.Linear(dim, ratio * dim, bias=False)
        self.up_proj = nn.Linear(dim, ratio * dim, bias=False)
        self.down_proj = nn.Linear(ratio * dim, dim, bias=False)
        self.input_layernorm = RMSNorm(dim)
        self.post_attention_layernorm = RMSNorm(dim)
        inv_freq = 1.0 / (theta ** (torch.arange(0, self.d, 2).float() / self.d))
        self.register_buffer("inv_freq", inv_freq, persistent=False)

    def attention(self, hidden_states):
        bsz, q_len, _ = hidden_states.size()
        query_states = self.q_proj(hidden_states)
        key_states = self.k_proj(hidden_states)
        value_states = self.v_proj(hidden_states)
        query_states = query_states.view(bsz, q_len, self.heads, self.d).transpose(1, 2)
        key_states = key_states.view(bsz, q_len, self.kv, self.d).transpose(1, 2)
        value_states = value_states.view(bsz, q_len, self.kv, self.d).transpose(1, 2)
        t = torch.arange(q_len, device=hidden_states.device, dtype=self.inv_freq.dtype)
        freqs = torch.outer(t, self.inv_freq)
        emb = torch.cat((freqs, freqs), dim=-1)
        cos, sin = emb.cos()[None, None], emb.sin()[None, None]
        query_states = (query_states * cos) + (rotate_half(query_states) * sin)
        key_states = (key_states * cos) + (rotate_half(key_states) * sin)
        key_states = repeat_kv(key_states, self.heads // self.kv)
        value_states = repeat_kv(value_states, self.heads // self.kv)
        attn_weights = torch.matmul(query_states, key_states.transpose(2, 3)) / math.sqrt(self.d)
        causal_mask = torch.full((q_len, q_len), float('-inf'), device=hidden_states.device).triu(1)
        attn_weights = attn_weights + causal_mask
        attn_weights = nn.functional.softmax(attn_weights, dim=-1, dtype=torch.float32).to(query_states.dtype)
        attn_output = torch.matmul(attn_weights, value_states)
        attn_output = attn_output.transpose(1, 2).contiguous()
        attn_output = attn_output.reshape(bsz, q_len, self.heads * self.d)
        return self.o_proj(attn_output)

    def forward(self, hidden_states):
        residual = hidden_states
        hidden_states = self.input_layernorm(hidden_states)
        hidden_states = self.attention(hidden_states)
        hidden_states = residual + hidden_states
        residual = hidden_states
        hidden_states = self.post_attention_layernorm(hidden_states)
        hidden_states = self.down_proj(F.silu(self.gate_proj(hidden_states)) * self.up_proj(hidden_states))
        hidden_states = residual + hidden_states
        return hidden_states


class T5Attention(nn.Module):
    def __init__(self, dim, heads=4, buckets=16, max_distance=32):
        super().__init__()
        self.n_heads, self.kv_dim, self.buckets, self.max_distance = heads, dim // heads, buckets, max_distance
        self.q, self.k, self.v = nn.Linear(dim, dim, bias=False), nn.Linear(dim, dim, bias=False), nn.Linear(dim, dim, bias=False)
        self.o = nn.Linear(dim, dim, bias=False)
        self.bias = nn.Embedding(buckets, heads)

    def bucket(self, relative_position):
        buckets = 0
        num_buckets = self.buckets // 2
        buckets += (relative_position > 0).to(torch.long) * num_buckets
        relative_position = torch.abs(relative_position)
        max_exact = num_buckets // 2
        is_small = relative_position < max_exact
        large = max_exact + (torch.log(relative_position.float() / max_exact) / math.log(self.max_distance / max_exact) * (num_buckets - max_exact)).to(torch.long)
        large = torch.min(large, torch.full_like(large, num_buckets - 1))
        buckets += torch.where(is_small, relative_position, large)
        return buckets

    def compute_bias(self, q_len, k_len, device):
        context_position = torch.arange(q_len, dtype=torch.long, device=device)[:, None]
        memory_position = torch.arange(k_len, dtype=torch.long, device=device)[None, :]
        relative_position = memory_position - context_position
        values = self.bias(self.bucket(relative_position))
        return values.permute([2, 0, 1]).unsqueeze(0)

    def forward(self, hidden):
        batch, n = hidden.shape[:2]
        shape = lambda s: s.view(batch, -1, self.n_heads, self.kv_dim).transpose(1, 2)
        q, k, v = shape(self.q(hidden)), shape(self.k(hidden)), shape(self.v(hidden))
        scores = torch.matmul(q, k.transpose(3, 2))
        scores += self.compute_bias(n, n, hidden.device)
        weights = nn.functional.softmax(scores.float(), dim=-1).type_as(scores)
        weights = nn.functional.dropout(weights, p=0.1, training=self.training)
        out = torch.matmul(weights, v).transpose(1, 2).contiguous().view(batch, -1, self.n_heads * self.kv_dim)
        return self.o(out), weights


class TalkingHeads(nn.Module):
    def __init__(self, dim, num_heads=4, qkv_bias=False, attn_drop=0.1):
        super().__init__()
        self.num_heads = num_heads
        self.scale = (dim // num_heads) ** -0.5
        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.attn_drop = nn.Dropout(attn_drop)
        self.proj = nn.Linear(dim, dim)
        self.proj_l = nn.Linear(num_heads, num_heads)
        self.proj_w = nn.Linear(num_heads, num_heads)

    def forward(self, x):
        B, N, C = x.shape
        qkv = self.qkv(x).reshape(B, N, 3, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv[0] * self.scale, qkv[1], qkv[2]
        attn = (q @ k.transpose(-2, -1))
        attn = self.proj_l(attn.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        attn = attn.softmax(dim=-1)
        attn = self.proj_w(attn.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        attn = self.attn_drop(attn)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        x = self.proj(x)
        return x


class ClassAttention(nn.Module):
    def __init__(self, dim, num_heads=4):
        super().__init__()
        self.num_heads = num_heads
        self.scale = (dim // num_heads) ** -0.5
        self.q, self.k, self.v, self.proj = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.cls = nn.Parameter(torch.zeros(1, 1, dim))

    def forward(self, x):
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), dim=1)
        B, N, C = x.shape
        q = self.q(x[:, 0]).unsqueeze(1).reshape(B, 1, self.num_heads, C // self.num_heads).permute(0, 2, 1, 3)
        k = self.k(x).reshape(B, N, self.num_heads, C // self.num_heads).permute(0, 2, 1, 3)
        q = q * self.scale
        v = self.v(x).reshape(B, N, self.num_heads, C // self.num_heads).permute(0, 2, 1, 3)
        attn = (q @ k.transpose(-2, -1))
        attn = attn.softmax(dim=-1)
        x_cls = (attn @ v).transpose(1, 2).reshape(B, 1, C)
        x_cls = self.proj(x_cls)
        return x_cls


class MixAttention(nn.Module):
    """Reduced keys, a convolution in the feed-forward."""

    def __init__(self, dim, num_heads=2, sr_ratio=2, linear=False):
        super().__init__()
        self.dim, self.num_heads, self.sr_ratio, self.linear = dim, num_heads, sr_ratio, linear
        self.scale = (dim // num_heads) ** -0.5
        self.q = nn.Linear(dim, dim, bias=True)
        self.kv = nn.Linear(dim, dim * 2, bias=True)
        self.proj = nn.Linear(dim, dim)
        if not linear:
            if sr_ratio > 1:
                self.sr = nn.Conv2d(dim, dim, kernel_size=sr_ratio, stride=sr_ratio)
                self.norm = nn.LayerNorm(dim)
        else:
            self.pool = nn.AdaptiveAvgPool2d(7)
            self.sr = nn.Conv2d(dim, dim, kernel_size=1, stride=1)
            self.norm = nn.LayerNorm(dim)
            self.act = nn.GELU()
        self.fc1 = nn.Linear(dim, 2 * dim)
        self.dwconv = nn.Conv2d(2 * dim, 2 * dim, 3, 1, 1, bias=True, groups=2 * dim)
        self.fc2 = nn.Linear(2 * dim, dim)

    def attend(self, x, H, W):
        B, N, C = x.shape
        q = self.q(x).reshape(B, N, self.num_heads, C // self.num_heads).permute(0, 2, 1, 3)
        if not self.linear:
            if self.sr_ratio > 1:
                x_ = x.permute(0, 2, 1).reshape(B, C, H, W)
                x_ = self.sr(x_).reshape(B, C, -1).permute(0, 2, 1)
                x_ = self.norm(x_)
                kv = self.kv(x_).reshape(B, -1, 2, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
            else:
                kv = self.kv(x).reshape(B, -1, 2, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
        else:
            x_ = x.permute(0, 2, 1).reshape(B, C, H, W)
            x_ = self.sr(self.pool(x_)).reshape(B, C, -1).permute(0, 2, 1)
            x_ = self.norm(x_)
            x_ = self.act(x_)
            kv = self.kv(x_).reshape(B, -1, 2, self.num_heads, C // self.num_heads).permute(2, 0, 3, 1, 4)
        k, v = kv[0], kv[1]
        attn = (q @ k.transpose(-2, -1)) * self.scale
        attn = attn.softmax(dim=-1)
        x = (attn @ v).transpose(1, 2).reshape(B, N, C)
        x = self.proj(x)
        return x

    def forward(self, x, H, W):
        x = x + self.attend(x, H, W)
        y = self.fc1(x)
        B, N, C = y.shape
        y = y.transpose(1, 2).view(B, C, H, W)
        y = self.dwconv(y)
        y = y.flatten(2).transpose(1, 2)
        y = F.gelu(y)
        return x + self.fc2(y)


class SeparableHeads(nn.Module):
    """A loop over heads, with what each kept in a list."""

    def __init__(self, dim, heads=3):
        super().__init__()
        self.heads = nn.ModuleList([nn.ModuleDict({'q': nn.Linear(dim, 16, bias=False), 'k': nn.Linear(dim, 16, bias=False), 'v': nn.Linear(dim, 16, bias=False)}) for _ in range(heads)])
        self.out = nn.Linear(16 * heads, dim)
        self.drop = nn.Dropout(0.2)

    def forward(self, x):
        outputs, maps = [], []
        for head in self.heads:
            q, k, v = head['q'](x), head['k'](x), head['v'](x)
            wei = q @ k.transpose(-2, -1) * 16 ** -0.5
            wei = wei.softmax(-1)
            maps.append(wei)
            wei = self.drop(wei)
            outputs.append(wei @ v)
        self.last = torch.stack(maps, 1).mean(1).detach()
        return self.drop(self.out(torch.cat(outputs, dim=-1)))


class CoordBlock(nn.Module):
    def __init__(self, inp, reduction=8):
        super().__init__()
        mip = max(8, inp // reduction)
        self.conv1 = nn.Conv2d(inp, mip, kernel_size=1, stride=1, padding=0)
        self.bn1 = nn.BatchNorm2d(mip)
        self.conv_h = nn.Conv2d(mip, inp, kernel_size=1, stride=1, padding=0)
        self.conv_w = nn.Conv2d(mip, inp, kernel_size=1, stride=1, padding=0)

    def swish(self, x):
        return x * (F.relu6(x + 3, inplace=True) / 6)

    def forward(self, x):
        n, c, h, w = x.shape
        x_h = x.mean(3, keepdim=True)
        x_w = x.mean(2, keepdim=True).permute(0, 1, 3, 2)
        y = torch.cat([x_h, x_w], dim=2)
        y = self.conv1(y)
        y = self.bn1(y)
        y = self.swish(y)
        x_h, x_w = torch.split(y, [h, w], dim=2)
        x_w = x_w.permute(0, 1, 3, 2)
        a_h = torch.sigmoid(self.conv_h(x_h))
        a_w = torch.sigmoid(self.conv_w(x_w))
        del x_h, x_w, y
        return x * a_w * a_h


class ObjectContext(nn.Module):
    """A pooled key and value, a shared key and query, an upsampled result."""

    def __init__(self, in_channels, key_channels=16, scale=2):
        super().__init__()
        self.scale = scale
        self.key_channels = key_channels
        self.value_channels = in_channels // 2
        self.pool = nn.MaxPool2d(kernel_size=(scale, scale))
        self.f_key = nn.Sequential(nn.Conv2d(in_channels, key_channels, 1), nn.BatchNorm2d(key_channels), nn.ReLU())
        self.f_query = self.f_key
        self.f_value = nn.Conv2d(in_channels, self.value_channels, 1)
        self.W = nn.Conv2d(self.value_channels, in_channels, 1)
        nn.init.constant_(self.W.weight, 0)
        nn.init.constant_(self.W.bias, 0)

    def forward(self, x):
        batch_size, h, w = x.size(0), x.size(2), x.size(3)
        if self.scale > 1:
            x = self.pool(x)
        value = self.f_value(x).view(batch_size, self.value_channels, -1)
        value = value.permute(0, 2, 1)
        query = self.f_query(x).view(batch_size, self.key_channels, -1)
        query = query.permute(0, 2, 1)
        key = self.f_key(x).view(batch_size, self.key_channels, -1)
        sim_map = torch.matmul(query, key)
        sim_map = (self.key_channels ** -.5) * sim_map
        sim_map = F.softmax(sim_map, dim=-1)
        context = torch.matmul(sim_map, value)
        context = context.permute(0, 2, 1).contiguous()
        context = context.view(batch_size, self.value_channels, *x.size()[2:])
        context = self.W(context)
        if self.scale > 1:
            context = F.interpolate(input=context, size=(h, w), mode='bilinear', align_corners=True)
        return context


class PaddedWindows(nn.Module):
    def __init__(self, dim, ws=5, heads=2):
        super().__init__()
        self.ws, self.heads = ws, heads
        self.qkv = nn.Conv2d(dim, 3 * dim, 1)
        self.proj = nn.Conv2d(dim, dim, 1)

    def forward(self, x):
        B, C, H, W = x.shape
        pad_b = (self.ws - H % self.ws) % self.ws
        pad_r = (self.ws - W % self.ws) % self.ws
        x = F.pad(x, (0, pad_r, 0, pad_b))
        Hp, Wp = x.shape[2:]
        qkv = self.qkv(x)
        qkv = qkv.view(B, 3, self.heads, C // self.heads, Hp // self.ws, self.ws, Wp // self.ws, self.ws)
        qkv = qkv.permute(1, 0, 4, 6, 2, 5, 7, 3).flatten(5, 6)
        q, k, v = qkv.unbind(0)
        a = torch.matmul(q, k.transpose(-1, -2)).mul_((C // self.heads) ** -0.5)
        a = a.softmax(-1)
        y = a.matmul(v)
        y = y.view(B, Hp // self.ws, Wp // self.ws, self.heads, self.ws, self.ws, C // self.heads)
        y = y.permute(0, 3, 6, 1, 4, 2, 5).reshape(B, C, Hp, Wp)
        if pad_b or pad_r:
            y = y[:, :, :H, :W]
        return self.proj(y)


class CrossShaped(nn.Module):
    def __init__(self, dim, resolution=8, split=2, heads=2):
        super().__init__()
        self.res, self.split, self.heads = resolution, split, heads
        self.qkv = nn.Linear(dim, dim * 3, bias=False)
        self.get_v = nn.ModuleList([nn.Conv2d(dim // 2, dim // 2, 3, 1, 1, groups=dim // 2) for _ in range(2)])
        self.proj = nn.Linear(dim, dim)
        self.scale = (dim // 2 // heads) ** -0.5

    def stripes(self, x, hs, ws):
        B, N, C = x.shape
        x = x.transpose(-2, -1).contiguous().view(B, C, self.res, self.res)
        x = x.view(B, C, self.res // hs, hs, self.res // ws, ws).permute(0, 2, 4, 3, 5, 1).contiguous().reshape(-1, hs * ws, C)
        return x.reshape(-1, hs * ws, self.heads, C // self.heads).permute(0, 2, 1, 3).contiguous()

    def lepe(self, x, conv, hs, ws):
        B, N, C = x.shape
        x = x.transpose(-2, -1).contiguous().view(B, C, self.res, self.res)
        x = x.view(B, C, self.res // hs, hs, self.res // ws, ws)
        x = x.permute(0, 2, 4, 1, 3, 5).contiguous().reshape(-1, C, hs, ws)
        lepe = conv(x)
        lepe = lepe.reshape(-1, self.heads, C // self.heads, hs * ws).permute(0, 1, 3, 2).contiguous()
        x = x.reshape(-1, self.heads, C // self.heads, hs * ws).permute(0, 1, 3, 2).contiguous()
        return x, lepe

    def branch(self, qkv, at):
        hs, ws = (self.res, self.split) if at == 0 else (self.split, self.res)
        q, k, v = qkv[0], qkv[1], qkv[2]
        B, L, C = q.shape
        q = self.stripes(q, hs, ws)
        k = self.stripes(k, hs, ws)
        v, lepe = self.lepe(v, self.get_v[at], hs, ws)
        q = q * self.scale
        attn = (q @ k.transpose(-2, -1))
        attn = nn.functional.softmax(attn, dim=-1, dtype=attn.dtype)
        x = (attn @ v) + lepe
        x = x.transpose(1, 2).reshape(-1, hs * ws, C)
        x = x.view(B, self.res // hs, self.res // ws, hs, ws, C).permute(0, 1, 3, 2, 4, 5).contiguous().view(B, -1, C)
        return x

    def forward(self, x):
        B, L, C = x.shape
        qkv = self.qkv(x).reshape(B, -1, 3, C).permute(2, 0, 1, 3)
        x1 = self.branch(qkv[:, :, :, :C // 2], 0)
        x2 = self.branch(qkv[:, :, :, C // 2:], 1)
        attened_x = torch.cat([x1, x2], dim=2)
        return self.proj(attened_x)


class Chunked(nn.Module):
    """Queries a few at a time."""

    def __init__(self, dim, size=16):
        super().__init__()
        self.size = size
        self.qk = nn.Linear(dim, 2 * dim)
        self.v = nn.Linear(dim, dim)

    def forward(self, x):
        q, k = self.qk(x).chunk(2, -1)
        v = self.v(x)
        result = torch.empty_like(x)
        for i in range(0, x.shape[1], self.size):
            s = torch.bmm(q[:, i:i + self.size], k.transpose(1, 2))
            s -= s.max(-1, keepdim=True)[0]
            s = s.exp()
            s = s / s.sum(-1, keepdim=True)
            result[:, i:i + self.size] = torch.bmm(s, v)
        return result


class DepthGate(nn.Module):
    def __init__(self, F_g, F_l=None, F_int=None):
        super().__init__()
        F_l = F_l or F_g
        F_int = F_int or F_g // 2
        self.W_g = nn.Conv2d(F_g, F_int, 1)
        self.W_x = nn.Conv2d(F_l, F_int, 2, stride=2, bias=False)
        self.psi = nn.Conv2d(F_int, 1, 1)
        self.up = nn.Upsample(scale_factor=2, mode='bilinear', align_corners=True)
        self.bn = nn.BatchNorm2d(F_l)

    def forward(self, x, g):
        att = F.relu(self.W_x(x) + self.W_g(g), True)
        att = self.up(torch.sigmoid(self.psi(att)))
        y = att.repeat(1, x.shape[1], 1, 1).mul_(x)
        return self.bn(y), att
