"""Modules that keep no keys and values, some of which look a little as if they did."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class SelfAttention(nn.Module):
    def __init__(self, dim=32, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, dim * 3)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, dim = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        attention = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        return self.proj((attention @ v).transpose(1, 2).reshape(b, n, dim))


class CrossAttention(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.q = nn.Linear(dim, dim)
        self.k = nn.Linear(dim, dim)
        self.v = nn.Linear(dim, dim)

    def forward(self, x, memory):
        q, k, v = self.q(x), self.k(memory), self.v(memory)
        attention = F.softmax(q @ k.transpose(1, 2), dim=-1)
        return attention @ v, attention


class Recurrent(nn.Module):
    """A state that is joined with what comes in: no attention."""

    def __init__(self, dim=32):
        super().__init__()
        self.cell = nn.Linear(2 * dim, dim)

    def forward(self, x, state):
        state = torch.tanh(self.cell(torch.cat([state, x], dim=-1)))
        return state, state


class RecurrentHistory(nn.Module):
    """Keeps all states, and weights them with a gate of their own."""

    def __init__(self, dim=32):
        super().__init__()
        self.cell = nn.Linear(dim, dim)

    def forward(self, x, history):
        history = torch.cat([history, self.cell(x)], dim=1)
        gate = torch.sigmoid(history.mean(dim=2, keepdim=True))
        return (gate * history).sum(dim=1), history


class Dense(nn.Module):
    """DenseNet: what goes in is joined with what is made of it, and goes out."""

    def __init__(self, channels=32, growth=8):
        super().__init__()
        self.conv = nn.Conv2d(channels, growth, 3, padding=1)

    def forward(self, x):
        return torch.cat([x, self.conv(x)], dim=1)


class DenseAttention(nn.Module):
    """The same with attention over places, whose queries come of the same tensor."""

    def __init__(self, channels=32, growth=8):
        super().__init__()
        self.conv = nn.Conv2d(channels, growth, 3, padding=1)

    def forward(self, x):
        features = torch.cat([x, self.conv(x)], dim=1)
        tokens = features.flatten(2)
        attention = (tokens.transpose(1, 2) @ tokens).softmax(dim=-1)
        return (tokens @ attention).view_as(features), features


class ClassToken(nn.Module):
    """A token of the module's own stands before the others."""

    def __init__(self, dim=32):
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, dim))
        self.qkv = nn.Linear(dim, dim * 3)

    def forward(self, x):
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        return F.scaled_dot_product_attention(q, k, v), x


class LearntMemory(nn.Module):
    """Keys and values that are weights stand beside those of the tokens."""

    def __init__(self, dim=32, memories=4):
        super().__init__()
        self.memory_k = nn.Parameter(torch.zeros(1, memories, dim))
        self.memory_v = nn.Parameter(torch.zeros(1, memories, dim))
        self.qkv = nn.Linear(dim, dim * 3)

    def forward(self, x):
        b = x.shape[0]
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        k = torch.cat([self.memory_k.expand(b, -1, -1), k], dim=1)
        v = torch.cat([self.memory_v.expand(b, -1, -1), v], dim=1)
        return torch.softmax(q @ k.transpose(-2, -1), dim=-1) @ v


class Latents(nn.Module):
    """Perceiver: queries of the latents, keys and values of both; both go in anew each time."""

    def __init__(self, dim=32):
        super().__init__()
        self.to_q = nn.Linear(dim, dim)
        self.to_kv = nn.Linear(dim, dim * 2)

    def forward(self, x, latents):
        q = self.to_q(latents)
        k, v = self.to_kv(torch.cat((x, latents), dim=-2)).chunk(2, dim=-1)
        return (q @ k.transpose(-2, -1)).softmax(dim=-1) @ v


class AllReturned(nn.Module):
    """Queries, keys and values are shown to whoever looks into the module."""

    def __init__(self, dim=32):
        super().__init__()
        self.qkv = nn.Linear(dim, dim * 3)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        return F.scaled_dot_product_attention(q, k, v), q, k, v


class ValuesReturned(nn.Module):
    """The values of this layer go on to the next, the keys do not."""

    def __init__(self, dim=32):
        super().__init__()
        self.qkv = nn.Linear(dim, dim * 3)

    def forward(self, x):
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        return F.scaled_dot_product_attention(q, k, v), v


class Skipped(nn.Module):
    """A decoder of images: its skip connection is joined with what comes from below, then attends to itself."""

    def __init__(self, channels=16):
        super().__init__()
        self.up = nn.ConvTranspose2d(channels, channels, 2, stride=2)
        self.qkv = nn.Conv2d(channels * 2, channels * 3, 1)

    def forward(self, x, skip):
        joined = torch.cat([skip, self.up(x)], dim=1)
        q, k, v = self.qkv(joined).flatten(2).chunk(3, dim=1)
        return v @ (q.transpose(1, 2) @ k).softmax(dim=-1).transpose(1, 2), joined
