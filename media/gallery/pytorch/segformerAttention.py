"""
SegFormer's efficient self-attention: PVT's idea with a strided convolution in place of the reshape.

SegFormer: Simple and Efficient Design for Semantic Segmentation with Transformers
Enze Xie, Wenhai Wang, Zhiding Yu, Anima Anandkumar, Jose M. Alvarez, Ping Luo, 2021
https://arxiv.org/abs/2105.15203
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class SegformerAttention(nn.Module):
    """[b, n, dim] and the size of the map that the sequence was made from -> [b, n, dim]."""

    def __init__(self, dim: int = 64, heads: int = 2, ratio: int = 4, dropout: float = 0.0):
        super().__init__()
        self.heads = heads
        self.head_dim = dim // heads
        self.dropout = dropout

        self.query = nn.Linear(dim, dim)
        self.key = nn.Linear(dim, dim)
        self.value = nn.Linear(dim, dim)
        self.output = nn.Linear(dim, dim)

        self.ratio = ratio
        if ratio > 1:
            self.sr = nn.Conv2d(dim, dim, kernel_size=ratio, stride=ratio)
            self.norm = nn.LayerNorm(dim)

    def split_heads(self, x: torch.Tensor) -> torch.Tensor:
        """[b, n, dim] -> [b, heads, n, dim / heads]"""
        b, n, _ = x.shape
        return x.view(b, n, self.heads, self.head_dim).transpose(1, 2)

    def reduce_sequence(self, x: torch.Tensor, height: int, width: int) -> torch.Tensor:
        """[b, n, dim] -> [b, n / ratio^2, dim]"""
        b, n, dim = x.shape
        feature_map = x.transpose(1, 2).reshape(b, dim, height, width)
        reduced = self.sr(feature_map)
        reduced = reduced.flatten(2).transpose(1, 2)
        return self.norm(reduced)

    def forward(self, x: torch.Tensor, height: int, width: int) -> torch.Tensor:
        b, n, dim = x.shape
        source = self.reduce_sequence(x, height, width) if self.ratio > 1 else x

        q = self.split_heads(self.query(x))
        k = self.split_heads(self.key(source))
        v = self.split_heads(self.value(source))

        context = F.scaled_dot_product_attention(q, k, v, dropout_p=self.dropout if self.training else 0.0)
        context = context.transpose(1, 2).reshape(b, n, dim)
        return self.output(context)
