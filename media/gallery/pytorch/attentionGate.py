"""
The attention gate of Attention U-Net: a coarse signal says which places of a skip connection to let through.

Attention U-Net: Learning Where to Look for the Pancreas
Ozan Oktay, Jo Schlemper, Loic Le Folgoc, Matthew Lee, Mattias Heinrich, Kazunari Misawa, Kensaku Mori, Steven McDonagh,
Nils Y. Hammerla, Bernhard Kainz, Ben Glocker, Daniel Rueckert, 2018
https://arxiv.org/abs/1804.03999
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class AttentionGate(nn.Module):
    """skip [b, c, h, w] and gating signal [b, g, h/2, w/2] -> the gated skip [b, c, h, w]."""

    def __init__(self, skip_channels=64, gate_channels=128, inner_channels=32):
        super().__init__()
        self.theta = nn.Conv2d(skip_channels, inner_channels, kernel_size=2, stride=2, bias=False)
        self.phi = nn.Conv2d(gate_channels, inner_channels, kernel_size=1)
        self.psi = nn.Conv2d(inner_channels, 1, kernel_size=1)
        self.out = nn.Sequential(nn.Conv2d(skip_channels, skip_channels, kernel_size=1), nn.BatchNorm2d(skip_channels))

    def forward(self, skip, gate):
        from_skip = self.theta(skip)
        from_gate = self.phi(gate)
        from_gate = F.interpolate(from_gate, size=from_skip.shape[2:], mode="bilinear", align_corners=False)
        active = F.relu(from_skip + from_gate)  # [b, inner, h/2, w/2]

        coarse = torch.sigmoid(self.psi(active))  # [b, 1, h/2, w/2]
        attention = F.interpolate(coarse, size=skip.shape[2:], mode="bilinear", align_corners=False)

        gated = attention.expand_as(skip) * skip
        return self.out(gated)
