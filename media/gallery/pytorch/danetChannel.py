"""
DANet's channel attention: every channel attends to every other channel, with no projection at all.

Dual Attention Network for Scene Segmentation
Jun Fu, Jing Liu, Haijie Tian, Yong Li, Yongjun Bao, Zhiwei Fang, Hanqing Lu, 2018
https://arxiv.org/abs/1809.02983
"""
import torch
import torch.nn as nn

from danetPosition import PositionAttention


class ChannelAttention(nn.Module):
    """[b, c, h, w] -> [b, c, h, w], with an attention map of [b, c, c]."""

    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        b, c, h, w = x.size()
        query = x.view(b, c, -1)
        key = x.view(b, c, -1).permute(0, 2, 1)
        energy = torch.bmm(query, key)  # [b, c, c]

        # The authors subtract from the largest: what is least alike weighs most.
        largest = torch.max(energy, dim=-1, keepdim=True)[0].expand_as(energy)
        attention = torch.softmax(largest - energy, dim=-1)

        value = x.view(b, c, -1)
        attended = torch.bmm(attention, value).view(b, c, h, w)
        return self.gamma * attended + x


class DualAttentionHead(nn.Module):
    """DANet's head: both attentions side by side on a narrowed map, added, then scored per class."""

    def __init__(self, channels=256, classes=19, dropout=0.1):
        super().__init__()
        inner = channels // 4
        self.to_position = self.narrow(channels, inner)
        self.to_channel = self.narrow(channels, inner)
        self.position_attention = PositionAttention(inner)
        self.channel_attention = ChannelAttention()
        self.scores = nn.Sequential(nn.Dropout2d(dropout), nn.Conv2d(inner, classes, kernel_size=1))

    @staticmethod
    def narrow(channels, inner):
        return nn.Sequential(
            nn.Conv2d(channels, inner, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(inplace=True),
        )

    def forward(self, features):
        position = self.position_attention(self.to_position(features))
        channel = self.channel_attention(self.to_channel(features))
        fused = position + channel
        return self.scores(fused)
