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


class Attend(nn.Module):
    """Views at the start, and a last step that keeps what it gives."""

    def __init__(self, channels, heads=2):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)

    def body(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        attn = (q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5).softmax(-1)
        y = (attn @ v).transpose(1, 2).reshape(b, n, c)
        return torch.sigmoid(self.out(y) + x)

    def forward(self, x):
        y = checkpoint.checkpoint(self.body, x, use_reentrant=False)
        return y * x


class Captured(nn.Module):
    """What a function closes over is not what it is given."""

    def __init__(self, channels):
        super().__init__()
        self.a = nn.Linear(channels, channels)
        self.b = nn.Linear(channels, channels)

    def forward(self, x):
        gate = torch.sigmoid(self.a(x))

        def mixed(y):
            return torch.tanh(self.b(y)) * gate

        z = checkpoint.checkpoint(mixed, x, use_reentrant=False)
        return z + x


class Halves(nn.Module):
    """A part that keeps nothing at its end, and frozen weights."""

    def __init__(self, channels):
        super().__init__()
        self.a = nn.Linear(channels, 2 * channels)
        self.b = nn.Linear(2 * channels, channels)
        self.b.requires_grad_(False)

    def half(self, x, y):
        z = self.b(F.relu(self.a(x)))
        return (z + y).transpose(1, 2)

    def forward(self, x):
        b, n, c = x.shape
        z = checkpoint.checkpoint(self.half, x, x * 2, use_reentrant=False)
        return z.exp()


class Images(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU(), nn.Conv2d(channels, channels, 1))

    def forward(self, x):
        for _ in range(2):
            x = x + checkpoint.checkpoint(self.body, x, use_reentrant=False)
        return x
