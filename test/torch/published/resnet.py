"""
ResNet-50, plain or with CBAM at the end of each block, before the shortcut is added.

Deep Residual Learning for Image Recognition: a block that halves the map does so in its first convolution.
https://arxiv.org/abs/1512.03385
CBAM: Convolutional Block Attention Module
https://arxiv.org/abs/1807.06521
"""
import torch.nn as nn

from cbam import CBAM

DEPTHS = (3, 4, 6, 3)
WIDTHS = (64, 128, 256, 512)
EXPANSION = 4


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride, attention):
        super().__init__()
        out_channels = width * EXPANSION
        self.conv1 = nn.Conv2d(channels, width, 1, stride=stride, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, 1, bias=False)
        self.norm3 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU(inplace=True)
        self.attention = CBAM(out_channels) if attention else None
        self.shortcut = None
        if stride != 1 or channels != out_channels:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, out_channels, 1, stride=stride, bias=False), nn.BatchNorm2d(out_channels))

    def forward(self, x):
        out = self.relu(self.norm1(self.conv1(x)))
        out = self.relu(self.norm2(self.conv2(out)))
        out = self.norm3(self.conv3(out))
        if self.attention is not None:
            out = self.attention(out)
        kept = x if self.shortcut is None else self.shortcut(x)
        return self.relu(out + kept)


class ResNet(nn.Module):
    def __init__(self, attention=False, classes=1000):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2, padding=1),
        )
        blocks = []
        channels = 64
        for stage, (depth, width) in enumerate(zip(DEPTHS, WIDTHS)):
            for place in range(depth):
                blocks.append(Bottleneck(channels, width, 2 if stage > 0 and place == 0 else 1, attention))
                channels = width * EXPANSION
        self.blocks = nn.Sequential(*blocks)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.blocks(self.stem(x))
        return self.head(self.pool(x).flatten(1))
