"""
Efficient attention: keys and values meet first, so that the cost grows with the length, not with its square.

Efficient Attention: Attention with Linear Complexities
Zhuoran Shen, Mingyuan Zhang, Haiyu Zhao, Shuai Yi, Hongsheng Li, 2018
https://arxiv.org/abs/1812.01243
"""
import torch.nn as nn
from einops import rearrange
from torch import einsum


def efficient_attention(query, key, value, heads=4):
    """softmax(Q) (softmax(K)^T V): Q is normalised over its depth, K over the places."""
    q, k, v = map(lambda t: rearrange(t, "b n (heads d) -> b heads n d", heads=heads), (query, key, value))

    q = q.softmax(dim=-1)  # over the depth
    k = k.softmax(dim=-2)  # over the places

    context = einsum("b h n d, b h n e -> b h d e", k, v)
    attended = einsum("b h n d, b h d e -> b h n e", q, context)
    return rearrange(attended, "b heads n e -> b n (heads e)")


class EfficientAttention(nn.Module):
    """The block around it, for a feature map: [b, c, h, w] -> [b, c, h, w]."""

    def __init__(self, channels=64, key_channels=32, value_channels=64, heads=4):
        super().__init__()
        self.heads = heads
        self.queries = nn.Conv2d(channels, key_channels, 1)
        self.keys = nn.Conv2d(channels, key_channels, 1)
        self.values = nn.Conv2d(channels, value_channels, 1)
        self.reprojection = nn.Conv2d(value_channels, channels, 1)

    def forward(self, x):
        b, c, h, w = x.shape
        query = rearrange(self.queries(x), "b c h w -> b (h w) c")
        key = rearrange(self.keys(x), "b c h w -> b (h w) c")
        value = rearrange(self.values(x), "b c h w -> b (h w) c")

        attended = efficient_attention(query, key, value, self.heads)
        attended = rearrange(attended, "b (h w) c -> b c h w", h=h, w=w)
        return self.reprojection(attended) + x
