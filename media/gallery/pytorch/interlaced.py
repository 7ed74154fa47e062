"""
Interlaced sparse self-attention: first among places that lie far apart, then among neighbours.

Interlaced Sparse Self-Attention for Semantic Segmentation
Lang Huang, Yuhui Yuan, Jianyuan Guo, Chao Zhang, Xilin Chen, Jingdong Wang, 2019
https://arxiv.org/abs/1907.12273
"""
import torch.nn as nn
import torch.nn.functional as F


class GroupAttention(nn.Module):
    """Self-attention within each group of places: [groups, c, h, w] -> [groups, c, h, w]."""

    def __init__(self, channels=64, inner=32):
        super().__init__()
        self.inner = inner
        self.query = nn.Conv2d(channels, inner, kernel_size=1)
        self.key = nn.Conv2d(channels, inner, kernel_size=1)
        self.value = nn.Conv2d(channels, channels, kernel_size=1)

    def forward(self, x):
        q = self.query(x).flatten(2).transpose(1, 2)  # [groups, places, inner]
        k = self.key(x).flatten(2)  # [groups, inner, places]
        v = self.value(x).flatten(2).transpose(1, 2)  # [groups, places, c]

        scores = q @ k * self.inner ** -0.5
        attention = F.softmax(scores, dim=-1)
        context = attention @ v
        return context.transpose(1, 2).reshape(x.shape)


class LongRangeAttention(nn.Module):
    """The places that stand `rows` and `columns` steps apart form a group."""

    def __init__(self, channels=64, rows=8, columns=8):
        super().__init__()
        self.rows, self.columns = rows, columns
        self.attention = GroupAttention(channels, channels // 2)

    def forward(self, x):
        b, c, h, w = x.shape
        rows, columns = self.rows, self.columns
        down, across = h // rows, w // columns

        blocks = x.reshape(b, c, down, rows, across, columns)
        far = blocks.permute(0, 3, 5, 1, 2, 4).reshape(b * rows * columns, c, down, across)
        attended = self.attention(far)
        attended = attended.reshape(b, rows, columns, c, down, across)
        return attended.permute(0, 3, 4, 1, 5, 2).reshape(b, c, h, w)


class ShortRangeAttention(nn.Module):
    """The places of one block of `rows` by `columns` form a group."""

    def __init__(self, channels=64, rows=8, columns=8):
        super().__init__()
        self.rows, self.columns = rows, columns
        self.attention = GroupAttention(channels, channels // 2)

    def forward(self, x):
        b, c, h, w = x.shape
        rows, columns = self.rows, self.columns
        down, across = h // rows, w // columns

        blocks = x.reshape(b, c, down, rows, across, columns)
        near = blocks.permute(0, 2, 4, 1, 3, 5).reshape(b * down * across, c, rows, columns)
        attended = self.attention(near)
        attended = attended.reshape(b, down, across, c, rows, columns)
        return attended.permute(0, 3, 1, 4, 2, 5).reshape(b, c, h, w)


class InterlacedAttention(nn.Module):
    """Both in turn: with the two sparse maps, every place reaches every other."""

    def __init__(self, channels=64, rows=8, columns=8):
        super().__init__()
        self.long_range = LongRangeAttention(channels, rows, columns)
        self.short_range = ShortRangeAttention(channels, rows, columns)

    def forward(self, x):
        far = self.long_range(x)
        near = self.short_range(far)
        return near
