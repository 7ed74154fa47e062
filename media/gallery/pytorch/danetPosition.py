"""
DANet's position attention: every place of a feature map attends to every other place.

Dual Attention Network for Scene Segmentation
Jun Fu, Jing Liu, Haijie Tian, Yong Li, Yongjun Bao, Zhiwei Fang, Hanqing Lu, 2018
https://arxiv.org/abs/1809.02983
"""
import torch
import torch.nn as nn


class PositionAttention(nn.Module):
    """[b, c, h, w] -> [b, c, h, w], with an attention map of [b, h*w, h*w]."""

    def __init__(self, channels=64, reduction=8):
        super().__init__()
        # Query and key only have to agree with each other, so they may be narrower.
        self.query = nn.Conv2d(channels, channels // reduction, kernel_size=1)
        self.key = nn.Conv2d(channels, channels // reduction, kernel_size=1)
        self.value = nn.Conv2d(channels, channels, kernel_size=1)
        self.gamma = nn.Parameter(torch.zeros(1))
        self.softmax = nn.Softmax(dim=-1)

    def forward(self, x):
        b, c, h, w = x.size()
        places = h * w

        query = self.query(x).view(b, -1, places).permute(0, 2, 1)  # [b, places, c/8]
        key = self.key(x).view(b, -1, places)  # [b, c/8, places]
        value = self.value(x).view(b, -1, places)  # [b, c, places]

        energy = torch.bmm(query, key)
        attention = self.softmax(energy)  # row i: where place i looks

        attended = torch.bmm(value, attention.permute(0, 2, 1))
        attended = attended.view(b, c, h, w)
        return self.gamma * attended + x
