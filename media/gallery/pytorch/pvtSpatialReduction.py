"""
PVT's spatial-reduction attention: every patch of `reduction` by `reduction` places becomes one key and one value.

Pyramid Vision Transformer: A Versatile Backbone for Dense Prediction without Convolutions
Wenhai Wang, Enze Xie, Xiang Li, Deng-Ping Fan, Kaitao Song, Ding Liang, Tong Lu, Ping Luo, Ling Shao, 2021
https://arxiv.org/abs/2102.12122
"""
import torch.nn as nn


class SpatialReductionAttention(nn.Module):
    """[b, h*w, dim] -> [b, h*w, dim], with an attention map of [b, heads, h*w, h*w / reduction^2]."""

    def __init__(self, dim=64, heads=2, reduction=4, qkv_bias=True):
        super().__init__()
        assert dim % heads == 0
        self.heads = heads
        self.reduction = reduction
        self.scale = (dim // heads) ** -0.5

        self.q = nn.Linear(dim, dim, bias=qkv_bias)
        self.kv = nn.Linear(dim, dim * 2, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim)
        if reduction > 1:
            self.reduce = nn.Linear(reduction * reduction * dim, dim)
            self.norm = nn.LayerNorm(dim)

    def forward(self, x, h, w):
        b, n, dim = x.shape
        q = self.q(x).reshape(b, n, self.heads, dim // self.heads).permute(0, 2, 1, 3)

        source = self.norm(self.reduce(self.patches(x, h, w))) if self.reduction > 1 else x
        kv = self.kv(source).reshape(b, -1, 2, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        k, v = kv[0], kv[1]  # each [b, heads, n / reduction^2, dim / heads]

        attention = (q @ k.transpose(-2, -1)) * self.scale
        attention = attention.softmax(dim=-1)

        out = (attention @ v).transpose(1, 2).reshape(b, n, dim)
        return self.proj(out)

    def patches(self, x, h, w):
        """The places of a patch side by side in the channels: [b, h*w, dim] -> [b, h*w / r^2, r^2 * dim]."""
        b, _, dim = x.shape
        r = self.reduction
        down, across = h // r, w // r
        patches = x.reshape(b, down, r, across, r, dim)
        patches = patches.transpose(2, 3)  # [b, down, across, r, r, dim]
        return patches.reshape(b, down * across, r * r * dim)
