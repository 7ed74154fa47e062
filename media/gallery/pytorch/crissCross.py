"""
Criss-cross attention: each place attends to its own row and column. Twice, it reaches every place.

CCNet: Criss-Cross Attention for Semantic Segmentation
Zilong Huang, Xinggang Wang, Yunchao Wei, Lichao Huang, Humphrey Shi, Wenyu Liu, Thomas S. Huang, 2018
https://arxiv.org/abs/1811.11721
"""
import torch
import torch.nn as nn


def _exclude_self(size, device=None):
    """Keeps a place from counting itself twice, once in its row and once in its column: -inf on the diagonal."""
    return torch.diag(torch.full((size,), float("-inf"), device=device))


class CrissCrossAttention(nn.Module):
    """[b, c, h, w] -> [b, c, h, w], with an attention map of [b, h, w, h + w]."""

    def __init__(self, channels=64, reduction=8):
        super().__init__()
        self.query = nn.Conv2d(channels, channels // reduction, kernel_size=1)
        self.key = nn.Conv2d(channels, channels // reduction, kernel_size=1)
        self.value = nn.Conv2d(channels, channels, kernel_size=1)
        self.gamma = nn.Parameter(torch.zeros(1))

    @staticmethod
    def columns(x):
        """Each column on its own: [b, c, h, w] -> [b*w, c, h]."""
        b, c, h, w = x.shape
        return x.permute(0, 3, 1, 2).contiguous().view(b * w, c, h)

    @staticmethod
    def rows(x):
        """Each row on its own: [b, c, h, w] -> [b*h, c, w]."""
        b, c, h, w = x.shape
        return x.permute(0, 2, 1, 3).contiguous().view(b * h, c, w)

    def forward(self, x):
        b, c, h, w = x.shape
        query = self.query(x)
        key = self.key(x)
        value = self.value(x)

        column_energy = torch.bmm(self.columns(query).transpose(1, 2), self.columns(key))  # [b*w, h, h]
        column_energy = column_energy + _exclude_self(h, x.device)
        row_energy = torch.bmm(self.rows(query).transpose(1, 2), self.rows(key))  # [b*h, w, w]

        column_energy = column_energy.view(b, w, h, h).transpose(1, 2)  # [b, h, w, h]
        row_energy = row_energy.view(b, h, w, w)
        attention = torch.cat([column_energy, row_energy], dim=3).softmax(dim=3)  # [b, h, w, h + w]

        column_attention = attention[..., :h].transpose(1, 2).reshape(b * w, h, h)
        row_attention = attention[..., h:].reshape(b * h, w, w)

        from_columns = torch.bmm(self.columns(value), column_attention.transpose(1, 2))
        from_rows = torch.bmm(self.rows(value), row_attention.transpose(1, 2))
        from_columns = from_columns.view(b, w, c, h).permute(0, 2, 3, 1)
        from_rows = from_rows.view(b, h, c, w).permute(0, 2, 1, 3)

        return self.gamma * (from_columns + from_rows) + x


class RecurrentCrissCrossAttention(nn.Module):
    """CCNet's recurrent criss-cross attention: the same module, with the same weights, several times over."""

    def __init__(self, channels=64, reduction=8, recurrence=2):
        super().__init__()
        self.recurrence = recurrence
        self.attention = CrissCrossAttention(channels, reduction)

    def forward(self, x):
        out = x
        for _ in range(self.recurrence):
            out = self.attention(out)
        return out
