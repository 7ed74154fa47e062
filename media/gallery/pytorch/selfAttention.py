"""
Multi-head self-attention.

Attention Is All You Need
Ashish Vaswani, Noam Shazeer, Niki Parmar, Jakob Uszkoreit, Llion Jones, Aidan N. Gomez, Lukasz Kaiser, Illia Polosukhin, 2017
https://arxiv.org/abs/1706.03762
"""
import torch.nn as nn


class SelfAttention(nn.Module):
    """softmax(Q K^T / sqrt(d)) V over a sequence: [b, n, dim] -> [b, n, dim]."""

    def __init__(self, dim=64, heads=4, qkv_bias=False):
        super().__init__()
        assert dim % heads == 0, f"{dim} channels cannot be shared by {heads} heads"
        self.heads = heads
        self.head_dim = dim // heads
        self.scale = self.head_dim ** -0.5

        self.qkv = nn.Linear(dim, dim * 3, bias=qkv_bias)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, mask=None):
        b, n, dim = x.shape

        qkv = self.qkv(x).reshape(b, n, 3, self.heads, self.head_dim)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)  # each [b, heads, n, head_dim]

        scores = (q @ k.transpose(-2, -1)) * self.scale  # [b, heads, n, n]
        if mask is not None:
            scores = scores.masked_fill(mask == 0, float("-inf"))
        attention = scores.softmax(dim=-1)

        context = (attention @ v).transpose(1, 2)  # [b, n, heads, head_dim]
        merged = context.reshape(b, n, dim)
        return self.proj(merged)
