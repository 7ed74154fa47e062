"""
CBAM: which channels matter, then which places matter.

CBAM: Convolutional Block Attention Module
Sanghyun Woo, Jongchan Park, Joon-Young Lee, In So Kweon, 2018
https://arxiv.org/abs/1807.06521
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class ChannelGate(nn.Module):
    """One weight per channel: [b, c, h, w] -> [b, c, 1, 1]."""

    def __init__(self, channels=64, reduction=16):
        super().__init__()
        # One MLP serves the averages and the maxima.
        self.mlp = nn.Sequential(
            nn.Flatten(),
            nn.Linear(channels, channels // reduction),
            nn.ReLU(),
            nn.Linear(channels // reduction, channels),
        )

    def forward(self, x):
        average = F.adaptive_avg_pool2d(x, 1)  # [b, c, 1, 1]
        largest = F.adaptive_max_pool2d(x, 1)
        weights = self.mlp(average) + self.mlp(largest)  # [b, c]
        gate = torch.sigmoid(weights)
        return gate[:, :, None, None]


class SpatialGate(nn.Module):
    """One weight per place: [b, c, h, w] -> [b, 1, h, w]."""

    def __init__(self, kernel_size=7):
        super().__init__()
        assert kernel_size % 2 == 1, "an even kernel has no middle"
        self.conv = nn.Conv2d(2, 1, kernel_size, padding=kernel_size // 2, bias=False)
        self.norm = nn.BatchNorm2d(1)

    def forward(self, x):
        average = torch.mean(x, dim=1, keepdim=True)
        largest, _ = torch.max(x, dim=1, keepdim=True)
        pooled = torch.cat([average, largest], dim=1)  # [b, 2, h, w]
        score = self.norm(self.conv(pooled))
        return torch.sigmoid(score)


class CBAM(nn.Module):
    """The whole block: [b, c, h, w] -> [b, c, h, w]."""

    def __init__(self, channels=64, reduction=16, kernel_size=7):
        super().__init__()
        self.channel_gate = ChannelGate(channels, reduction)
        self.spatial_gate = SpatialGate(kernel_size)

    def forward(self, x):
        x = x * self.channel_gate(x)
        x = x * self.spatial_gate(x)
        return x
