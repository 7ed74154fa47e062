"""
The formulas of a survey of attention in vision, as they were written down, slips included. Each is underlined where its sizes
cannot meet, or meet only by chance. The rest of this gallery has the same mechanisms as their papers mean them.

The survey writes feature maps as (b,c,w,h) and flattens them to (b,c,n), with n = w*h.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


def flatten(x):
    b, c, w, h = x.shape
    return x.reshape(b, c, w * h)


class SelfAttention(nn.Module):
    """
    Self-attention. The survey: "attention-map = softmax(K(x)^T * V(x)) ... the result is attention-map * Q(x)", with K, V and the
    map as (B,C,N), (B,C,N) and (B,N,N).

    The map is made of Q and K and weights V; and a map of (B,N,N) does not multiply a (B,C,N) from the left.
    """

    def __init__(self, channels=64):
        super().__init__()
        self.q = nn.Conv1d(channels, channels, 1)
        self.k = nn.Conv1d(channels, channels, 1)
        self.v = nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        tokens = flatten(x)
        q = self.q(tokens)
        k = self.k(tokens)
        v = self.v(tokens)
        attention_map = F.softmax(torch.bmm(k.transpose(1, 2), v), dim=-1)
        return torch.bmm(attention_map, q)


class DanetPosition(nn.Module):
    """
    DANet, position attention. The survey: "bc = bmm(b^T, c); (b,n,n)   s = softmax(bc)   attn_val = bmm(s, d); (b,c,n)".

    s is (b,n,n) and d is (b,c,n): bmm(d, s^T) was meant.
    """

    def __init__(self, channels=64):
        super().__init__()
        self.w_b = self.block(channels)
        self.w_c = self.block(channels)
        self.w_d = self.block(channels)

    def block(self, channels):
        return nn.Sequential(nn.Conv2d(channels, channels, 1), nn.BatchNorm2d(channels), nn.ReLU())

    def forward(self, x):
        b = flatten(self.w_b(x))
        c = flatten(self.w_c(x))
        d = flatten(self.w_d(x))
        bc = torch.bmm(b.transpose(1, 2), c)
        s = F.softmax(bc, dim=-1)
        attn_val = torch.bmm(s, d)
        return attn_val.reshape(x.shape) + x


def danet_channel(x):
    """
    DANet, channel attention. The survey: "a = bmm(a, a^T); (b,c,c)   s = softmax(a)   attn_val = s*x; (b,c,n)".

    s is (b,c,c); a product element by element cannot make (b,c,n) of it: bmm(s, a) was meant.
    """
    a = flatten(x)
    energy = torch.bmm(a, a.transpose(1, 2))
    s = F.softmax(energy, dim=-1)
    attn_val = s * a
    return attn_val.reshape(x.shape) + x


class CbamChannel(nn.Module):
    """
    CBAM, channel attention. The survey: "avg = GlobalAvgPool(x); (b,c,1,1)   avg = MLP(avg); (b,c,1,1)", the MLP being fully
    connected layers.

    A fully connected layer maps the last axis, which is 1 here: the pooled map has to be (b,c) first.
    """

    def __init__(self, channels=64, reduction=16):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(channels, channels // reduction), nn.ReLU(), nn.Linear(channels // reduction, channels))

    def forward(self, x):
        avg = F.adaptive_avg_pool2d(x, 1)
        largest = F.adaptive_max_pool2d(x, 1)
        avg = self.mlp(avg)
        largest = self.mlp(largest)
        return torch.sigmoid(largest + avg)


class Sagan(nn.Module):
    """
    SAGAN. The survey: "attn_map = softmax(bmm(f^T, g)); (b,n,n)   attn_value = h*attn_map; (b,c,n)".

    h is (b,c,n) and the map (b,n,n): bmm(h, attn_map) was meant.
    """

    def __init__(self, channels=64):
        super().__init__()
        self.f = nn.Conv2d(channels, channels, 1)
        self.g = nn.Conv2d(channels, channels, 1)
        self.h = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        f = flatten(self.f(x))
        g = flatten(self.g(x))
        h = flatten(self.h(x))
        attn_map = F.softmax(torch.bmm(f.transpose(1, 2), g), dim=-1)
        attn_value = h * attn_map
        return attn_value.reshape(x.shape)


def sagan_residual(x, attn_value, gama):
    """
    SAGAN, its end. The survey: "out = attn_value*h   out = out*gama + x", with attn_value and h as (b,c,n).

    The values are weighted already, so `* h` is one product too many (its sizes are right); and out is (b,c,n) still, while x is
    (b,c,w,h): it has to become a map again before x is added.
    """
    h = flatten(x)
    out = attn_value * h
    return out * gama + x


class PvtSpatialReduction(nn.Module):
    """
    PVT, spatial reduction. The survey: "K' = Reshape(N/R, C*R)(K)   K = Linear(C*R, C)(K')", and the same for V.

    Its sizes are right wherever R divides N. But a plain reshape puts R neighbours of one row together, not a patch; and with
    "[64,16,4,1]" for R, which counts the places of a patch, a linear map sized by the patch's side is too small.
    """

    def __init__(self, dim=64, side=8):
        super().__init__()
        self.side = side
        self.query = nn.Linear(dim, dim)
        self.linear = nn.Linear(dim * side, dim)

    def forward(self, x):
        b, n, c = x.shape
        query = self.query(x)
        places = self.side * self.side
        reduced = x.reshape(b, n // places, c * places)
        key_value = self.linear(reduced)
        attention = F.softmax(query @ key_value.transpose(1, 2) / c ** 0.5, dim=-1)
        return attention @ key_value
