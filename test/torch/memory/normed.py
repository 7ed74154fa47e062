"""Modules whose weights are worked out anew on each call: spectral and weight normalisation, in both of torch's forms."""
import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import spectral_norm, weight_norm
from torch.nn.utils import parametrizations
import torch.nn.utils.parametrize as parametrize


class SelfAttention(nn.Module):
    """Attention over an image's places, its projections spectrally normalised."""

    def __init__(self, channels):
        super().__init__()
        self.query = spectral_norm(nn.Conv2d(channels, channels // 8, 1, bias=False))
        self.key = spectral_norm(nn.Conv2d(channels, channels // 8, 1, bias=False))
        self.value = spectral_norm(nn.Conv2d(channels, channels // 2, 1, bias=False))
        self.out = spectral_norm(nn.Conv2d(channels // 2, channels, 1, bias=False))
        self.pool = nn.MaxPool2d(2)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        b, c, h, w = x.shape
        q = self.query(x).view(b, c // 8, h * w)
        k = self.pool(self.key(x)).view(b, c // 8, h * w // 4)
        v = self.pool(self.value(x)).view(b, c // 2, h * w // 4)
        attn = torch.softmax(torch.bmm(q.permute(0, 2, 1), k), dim=-1)
        y = torch.bmm(v, attn.permute(0, 2, 1)).view(b, c // 2, h, w)
        return x + self.gamma * self.out(y)


class Parametrised(nn.Module):
    """The same as parametrizations have it: the weight is gone after its use."""

    def __init__(self, channels):
        super().__init__()
        self.query = parametrizations.spectral_norm(nn.Conv2d(channels, channels // 8, 1))
        self.key = parametrizations.spectral_norm(nn.Conv2d(channels, channels // 8, 1))
        self.value = parametrizations.spectral_norm(nn.Conv2d(channels, channels, 1))
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        b, c, h, w = x.shape
        q = self.query(x).flatten(2)
        k = self.key(x).flatten(2)
        v = self.value(x).flatten(2)
        attn = F.softmax(q.transpose(1, 2) @ k, dim=-1)
        return self.gamma * (v @ attn.transpose(1, 2)).view(b, c, h, w) + x


class Discriminator(nn.Module):
    """Weights that are large beside what goes through them."""

    def __init__(self, channels):
        super().__init__()
        self.a = spectral_norm(nn.Conv2d(channels, 4 * channels, 3, padding=1))
        self.b = spectral_norm(nn.Conv2d(4 * channels, channels, 3, padding=1), n_power_iterations=2)

    def forward(self, x):
        return self.b(F.leaky_relu(self.a(x), 0.1))


class WideParametrised(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = parametrizations.spectral_norm(nn.Linear(channels, 16 * channels))
        self.b = parametrizations.spectral_norm(nn.Linear(16 * channels, channels), n_power_iterations=2)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))


class WideSpectral(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = spectral_norm(nn.Linear(channels, 16 * channels))
        self.b = spectral_norm(nn.Linear(16 * channels, channels))

    def forward(self, x):
        h = torch.relu(self.a(x))
        return self.b(h)


class Twice(nn.Module):
    """One weight in two calls."""

    def __init__(self, channels):
        super().__init__()
        self.f = spectral_norm(nn.Linear(channels, channels))
        self.g = weight_norm(nn.Linear(channels, channels))

    def forward(self, x):
        return self.g(self.f(self.f(x)))


class UpConv(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.up = spectral_norm(nn.ConvTranspose2d(channels, channels // 2, 4, stride=2, padding=1))
        self.same = parametrizations.spectral_norm(nn.ConvTranspose2d(channels // 2, channels, 3, padding=1))

    def forward(self, x):
        return self.same(F.relu(self.up(x)))


class Weighted(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = weight_norm(nn.Linear(channels, 8 * channels))
        self.b = weight_norm(nn.Linear(8 * channels, channels), name='weight')

    def forward(self, x):
        return self.b(F.gelu(self.a(x)))


class WeightedParametrised(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = parametrizations.weight_norm(nn.Conv2d(channels, 4 * channels, 3, padding=1))
        self.b = parametrizations.weight_norm(nn.Conv2d(4 * channels, channels, 1))

    def forward(self, x):
        return self.b(F.gelu(self.a(x)))


class Symmetric(nn.Module):
    """A parametrization of the user's own."""

    def __init__(self, channels):
        super().__init__()
        self.mix = nn.Linear(channels, channels, bias=False)
        parametrize.register_parametrization(self.mix, 'weight', Mirrored())

    def forward(self, x):
        return torch.sigmoid(self.mix(x))


class Mirrored(nn.Module):
    def forward(self, w):
        return w.triu() + w.triu(1).transpose(-1, -2)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.blocks = nn.Sequential(
            nn.ReLU(), spectral_norm(nn.Conv2d(channels, channels, 3, 1, 1)), nn.ReLU(), spectral_norm(nn.Conv2d(channels, channels, 3, 1, 1))
        )
        self.skip = spectral_norm(nn.Conv2d(channels, channels, 1))

    def forward(self, x):
        return self.blocks(x) + self.skip(x)


class Exported(nn.Module):
    """Weights that are the module's own again, in a copy of a part as well."""

    def __init__(self, channels):
        super().__init__()
        self.a = spectral_norm(nn.Linear(channels, 2 * channels))
        self.b = copy.deepcopy(self.a)
        self.c = weight_norm(nn.Linear(channels, 2 * channels))
        nn.utils.remove_spectral_norm(self.a)
        nn.utils.remove_weight_norm(self.c)

    def forward(self, x):
        return self.a(x) * self.b(x) + self.c(x)
