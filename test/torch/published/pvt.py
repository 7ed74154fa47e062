"""
The Pyramid Vision Transformer, four stages of the gallery's spatial-reduction attention.

Pyramid Vision Transformer: A Versatile Backbone for Dense Prediction without Convolutions
https://arxiv.org/abs/2102.12122
"""
import torch
import torch.nn as nn

from pvtSpatialReduction import SpatialReductionAttention

PATCHES = (4, 2, 2, 2)
WIDTHS = (64, 128, 320, 512)
HEADS = (1, 2, 5, 8)
EXPANSIONS = (8, 8, 4, 4)
REDUCTIONS = (8, 4, 2, 1)
DEPTHS = {"tiny": (2, 2, 2, 2), "small": (3, 4, 6, 3), "medium": (3, 4, 18, 3), "large": (3, 8, 27, 3)}


class Block(nn.Module):
    def __init__(self, dim, heads, reduction, expansion):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attention = SpatialReductionAttention(dim, heads, reduction)
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(dim, dim * expansion), nn.GELU(), nn.Linear(dim * expansion, dim))

    def forward(self, x, h, w):
        x = x + self.attention(self.norm1(x), h, w)
        return x + self.mlp(self.norm2(x))


class PatchEmbedding(nn.Module):
    """A map cut into patches, each a token: [b, channels, h, w] -> [b, h*w / patch^2, dim]."""

    def __init__(self, channels, dim, patch):
        super().__init__()
        self.project = nn.Conv2d(channels, dim, kernel_size=patch, stride=patch)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x):
        x = self.project(x)
        h, w = x.shape[2:]
        return self.norm(x.flatten(2).transpose(1, 2)), h, w


class PyramidVisionTransformer(nn.Module):
    def __init__(self, size="tiny", resolution=224, classes=1000):
        super().__init__()
        self.embeddings = nn.ModuleList()
        self.positions = nn.ParameterList()
        self.stages = nn.ModuleList()
        channels, side = 3, resolution
        for stage, depth in enumerate(DEPTHS[size]):
            dim, side = WIDTHS[stage], side // PATCHES[stage]
            last = stage == len(WIDTHS) - 1
            self.embeddings.append(PatchEmbedding(channels, dim, PATCHES[stage]))
            self.positions.append(nn.Parameter(torch.zeros(1, side * side + (1 if last else 0), dim)))
            self.stages.append(nn.ModuleList([Block(dim, HEADS[stage], REDUCTIONS[stage], EXPANSIONS[stage]) for _ in range(depth)]))
            channels = dim
        self.token = nn.Parameter(torch.zeros(1, 1, channels))
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.head = nn.Linear(channels, classes)

    def forward(self, x):
        b = x.shape[0]
        for stage, (embed, position, blocks) in enumerate(zip(self.embeddings, self.positions, self.stages)):
            x, h, w = embed(x)
            if stage == len(self.stages) - 1:
                x = torch.cat([self.token.expand(b, -1, -1), x], dim=1)
            x = x + position
            for block in blocks:
                x = block(x, h, w)
            if stage < len(self.stages) - 1:
                x = x.reshape(b, h, w, -1).permute(0, 3, 1, 2).contiguous()
        return self.head(self.norm(x)[:, 0])
