import torch
import torch.nn.functional as F
from torch import nn


class Dropped(nn.Module):
    def __init__(self, dim, heads=2, p=0.1):
        super().__init__()
        self.heads, self.p = heads, p
        self.qkv = nn.Linear(dim, 3 * dim)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attn = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        attn = F.dropout(attn, self.p, self.training)
        return (attn @ v).transpose(1, 2).reshape(b, n, c)


class Branched(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        attn = (self.q(x) @ x.transpose(1, 2)).softmax(-1)
        y = attn @ x
        if self.training:
            alike = attn @ attn.transpose(1, 2)
            y = y + alike.tanh().mean() + attn.sum()
        return y


class Encoder(nn.Module):
    def __init__(self, dim, heads=2):
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(dim, heads, 2 * dim, 0.1, batch_first=True)

    def forward(self, x):
        return self.layer(x)


class Renamed(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        attn = (self.q(x) @ x.transpose(1, 2)).softmax(-1)
        y = attn @ x
        if self.training:
            B, N, C = x.shape
            y = y + y.reshape(B, N * C).tanh().mean(1).reshape(B, 1, 1)
        return y


class Plain(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.q, self.drop = nn.Linear(dim, dim), nn.Dropout(0.1)

    def forward(self, x):
        return self.drop((self.q(x) @ x.transpose(1, 2)).softmax(-1)) @ x


class Halved(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.q = nn.Linear(dim, dim)

    def forward(self, x):
        b, n, c = x.shape
        y = self.q(x)
        if self.training:
            y = y + y.view(b, 2, n // 2, c).tanh().mean()
        return y
