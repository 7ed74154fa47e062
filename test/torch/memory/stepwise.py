"""Fused attention in the forms in which it is called, for what torch holds where it is taken step by step (SDPBackend.MATH)."""
import torch
import torch.nn.functional as F
from torch import nn


class Projected(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.qkv = nn.Linear(dim, 3 * dim)
        self.heads = heads

    def split(self, x):
        b, n, c = x.shape
        return self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)

    def merge(self, y):
        b, _, n, _ = y.shape
        return y.transpose(1, 2).reshape(b, n, -1)


class Plain(Projected):
    def forward(self, x):
        q, k, v = self.split(x)
        return self.merge(F.scaled_dot_product_attention(q, k, v))


class Causal(Projected):
    def forward(self, x):
        q, k, v = self.split(x)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.merge(y)


class Masked(Projected):
    def forward(self, x):
        q, k, v = self.split(x)
        mask = torch.zeros(x.shape[1], x.shape[1])
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.merge(y)


class Shown(Projected):
    def forward(self, x):
        q, k, v = self.split(x)
        shown = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=shown, scale=0.5)
        return self.merge(y)


class Dropped(Projected):
    def forward(self, x):
        q, k, v = self.split(x)
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=0.1)
        return self.merge(y)
