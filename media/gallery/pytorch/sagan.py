"""
SAGAN's self-attention: keys and values at half the resolution, and a learned weight that starts at nothing.

Self-Attention Generative Adversarial Networks
Han Zhang, Ian Goodfellow, Dimitris Metaxas, Augustus Odena, 2018
https://arxiv.org/abs/1805.08318
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


def conv1x1(in_channels, out_channels):
    return nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False)


class SaganAttention(nn.Module):
    """[b, c, h, w] -> [b, c, h, w], with an attention map of [b, h*w, h*w/4]."""

    def __init__(self, channels=64):
        super().__init__()
        self.f = conv1x1(channels, channels // 8)
        self.g = conv1x1(channels, channels // 8)
        self.h = conv1x1(channels, channels // 2)
        self.v = conv1x1(channels // 2, channels)
        self.gamma = nn.Parameter(torch.tensor(0.0))

    def forward(self, x):
        _, channels, height, width = x.shape
        places = height * width

        g = self.g(x).view(-1, channels // 8, places)
        f = F.max_pool2d(self.f(x), 2).view(-1, channels // 8, places // 4)
        h = F.max_pool2d(self.h(x), 2).view(-1, channels // 2, places // 4)

        attention = F.softmax(torch.bmm(g.transpose(1, 2), f), dim=-1)  # [b, places, places/4]
        attended = torch.bmm(h, attention.transpose(1, 2))  # [b, c/2, places]
        attended = attended.view(-1, channels // 2, height, width)

        out = self.v(attended)
        return x + self.gamma * out
