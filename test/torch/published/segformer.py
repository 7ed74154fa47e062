"""
SegFormer: the Mix Transformer of the gallery's efficient self-attention, and the decoder that is linear maps alone.

SegFormer: Simple and Efficient Design for Semantic Segmentation with Transformers
https://arxiv.org/abs/2105.15203
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from segformerAttention import SegformerAttention

HEADS = (1, 2, 5, 8)
RATIOS = (8, 4, 2, 1)
EXPANSION = 4
SIZES = {
    "B0": ((32, 64, 160, 256), (2, 2, 2, 2), 256),
    "B1": ((64, 128, 320, 512), (2, 2, 2, 2), 256),
    "B2": ((64, 128, 320, 512), (3, 4, 6, 3), 768),
    "B3": ((64, 128, 320, 512), (3, 4, 18, 3), 768),
    "B4": ((64, 128, 320, 512), (3, 8, 27, 3), 768),
    "B5": ((64, 128, 320, 512), (3, 6, 40, 3), 768),
}


class MixFeedForward(nn.Module):
    """A depthwise convolution between two linear maps tells a token where it stands."""

    def __init__(self, dim, hidden):
        super().__init__()
        self.widen = nn.Linear(dim, hidden)
        self.mix = nn.Conv2d(hidden, hidden, 3, padding=1, groups=hidden)
        self.narrow = nn.Linear(hidden, dim)

    def forward(self, x, height, width):
        b, n, _ = x.shape
        x = self.widen(x)
        x = self.mix(x.transpose(1, 2).view(b, -1, height, width)).flatten(2).transpose(1, 2)
        return self.narrow(F.gelu(x))


class Block(nn.Module):
    def __init__(self, dim, heads, ratio):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attention = SegformerAttention(dim, heads, ratio)
        self.norm2 = nn.LayerNorm(dim)
        self.feed_forward = MixFeedForward(dim, dim * EXPANSION)

    def forward(self, x, height, width):
        x = x + self.attention(self.norm1(x), height, width)
        return x + self.feed_forward(self.norm2(x), height, width)


class Stage(nn.Module):
    """Patches that overlap, then blocks: [b, channels, h, w] -> [b, dim, h / stride, w / stride]."""

    def __init__(self, channels, dim, depth, heads, ratio, first):
        super().__init__()
        kernel, stride = (7, 4) if first else (3, 2)
        self.embed = nn.Conv2d(channels, dim, kernel, stride=stride, padding=kernel // 2)
        self.embed_norm = nn.LayerNorm(dim)
        self.blocks = nn.ModuleList([Block(dim, heads, ratio) for _ in range(depth)])
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        x = self.embed(x)
        b, dim, height, width = x.shape
        x = self.embed_norm(x.flatten(2).transpose(1, 2))
        for block in self.blocks:
            x = block(x, height, width)
        return self.norm(x).transpose(1, 2).reshape(b, dim, height, width)


class DecodeHead(nn.Module):
    def __init__(self, widths, channels, classes):
        super().__init__()
        self.project = nn.ModuleList([nn.Linear(width, channels) for width in widths])
        self.fuse = nn.Sequential(nn.Conv2d(channels * len(widths), channels, 1, bias=False), nn.BatchNorm2d(channels), nn.ReLU())
        self.dropout = nn.Dropout2d(0.1)
        self.classify = nn.Conv2d(channels, classes, 1)

    def forward(self, features):
        size = features[0].shape[2:]
        maps = []
        for project, feature in zip(self.project, features):
            b, _, height, width = feature.shape
            tokens = project(feature.flatten(2).transpose(1, 2))
            each = tokens.transpose(1, 2).reshape(b, -1, height, width)
            maps.append(F.interpolate(each, size=size, mode="bilinear", align_corners=False))
        fused = self.fuse(torch.cat(maps[::-1], dim=1))
        return self.classify(self.dropout(fused))


class SegFormer(nn.Module):
    def __init__(self, size="B0", classes=150):
        super().__init__()
        widths, depths, channels = SIZES[size]
        befores = (3, *widths[:-1])
        self.stages = nn.ModuleList(
            [Stage(before, *rest, first=at == 0) for at, (before, *rest) in enumerate(zip(befores, widths, depths, HEADS, RATIOS))]
        )
        self.head = DecodeHead(widths, channels, classes)

    def forward(self, x):
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        return self.head(features)
