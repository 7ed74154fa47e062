"""Modules that run parts of themselves once more in backward."""
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.utils.checkpoint as checkpoint
from torch.utils.checkpoint import checkpoint_sequential


class Mlp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = nn.Linear(channels, 4 * channels)
        self.b = nn.Linear(4 * channels, channels)

    def forward(self, x):
        return self.b(F.gelu(self.a(x)))


class Blocks(nn.Module):
    def __init__(self, channels, depth=3):
        super().__init__()
        self.blocks = nn.ModuleList([Mlp(channels) for _ in range(depth)])
        self.norm = nn.LayerNorm(channels)

    def forward(self, x):
        for block in self.blocks:
            x = x + checkpoint.checkpoint(block, x, use_reentrant=False)
        return self.norm(x)


class Closure(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.q = nn.Linear(channels, channels)
        self.k = nn.Linear(channels, channels)
        self.v = nn.Linear(channels, channels)

    def attend(self, q, k, v):
        attn = torch.softmax(q @ k.transpose(-2, -1), dim=-1)
        return attn @ v

    def forward(self, x):
        q, k, v = self.q(x), self.k(x), self.v(x)
        y = checkpoint.checkpoint(self.attend, q, k, v, use_reentrant=False)
        return torch.sigmoid(y) * x


class Temporary(nn.Module):
    """What is given is held by the call alone."""

    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.mlp = Mlp(channels)

    def forward(self, x):
        return x + checkpoint.checkpoint(self.mlp, self.norm(x), use_reentrant=False)


class Sequence(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.parts = nn.Sequential(nn.Linear(channels, channels), nn.GELU(), nn.Linear(channels, channels), nn.Tanh(), nn.Linear(channels, channels), nn.Sigmoid())

    def forward(self, x):
        return checkpoint_sequential(self.parts, 3, x, use_reentrant=False)
