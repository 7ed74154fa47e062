"""Modules that switch gradients off: parts that are frozen, steps under no_grad, what is detached."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Statistics(nn.Module):
    """An average that is kept without gradients."""

    def __init__(self, channels):
        super().__init__()
        self.proj = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        y = self.proj(x)
        with torch.no_grad():
            scale = y.pow(2).mean(dim=(2, 3), keepdim=True).sqrt()
            weight = torch.softmax(y * scale, dim=1)
        return y * weight


class Teacher(nn.Module):
    """A frozen branch beside one that is trained."""

    def __init__(self, channels):
        super().__init__()
        self.student = nn.Sequential(nn.Linear(channels, 2 * channels), nn.GELU(), nn.Linear(2 * channels, channels))
        self.teacher = nn.Sequential(nn.Linear(channels, 2 * channels), nn.GELU(), nn.Linear(2 * channels, channels))
        for p in self.teacher.parameters():
            p.requires_grad = False

    def forward(self, x):
        with torch.no_grad():
            target = self.teacher(x)
        return (self.student(x) - target).pow(2)


class Decorated(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.key = nn.Linear(channels, channels)
        self.value = nn.Linear(channels, channels)

    @torch.no_grad()
    def similarity(self, x):
        k = self.key(x)
        return (k @ k.transpose(1, 2)).softmax(-1)

    def forward(self, x):
        attn = self.similarity(x)
        return attn @ self.value(x)


class FrozenLinear(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.first = nn.Linear(channels, 2 * channels)
        self.second = nn.Linear(2 * channels, channels)
        self.second.requires_grad_(False)

    def forward(self, x):
        h = self.first(x)
        return self.second(h)


class FrozenConv(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU())
        self.body.requires_grad_(False)
        self.head = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        return self.head(self.body(x))


class FrozenNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        for name, p in self.norm.named_parameters():
            p.requires_grad_(False)
        self.scale = nn.Parameter(torch.ones(channels), requires_grad=False)

    def forward(self, x):
        return self.norm(x) * self.scale


class FrozenDepthwise(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.up = nn.ConvTranspose2d(channels, channels, 2, stride=2)
        self.norm = nn.GroupNorm(4, channels)
        for p in self.parameters():
            p.requires_grad = False

    def forward(self, x):
        x = self.conv(x)
        x = self.norm(x)
        return self.up(F.gelu(x))


class Positions(nn.Module):
    """A table that was made beforehand, and is not trained."""

    def __init__(self, channels, length=64):
        super().__init__()
        self.table = nn.Embedding.from_pretrained(torch.randn(length, channels))
        self.proj = nn.Linear(channels, channels)

    def forward(self, x):
        b, n, c = x.shape
        places = torch.arange(n, device=x.device)
        p = self.table(places)
        return x + self.proj(p)


class Detached(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.q = nn.Linear(channels, channels)
        self.k = nn.Linear(channels, channels)

    def forward(self, x):
        q = self.q(x)
        k = self.k(x).detach()
        attn = torch.softmax(q @ k.transpose(-2, -1), dim=-1)
        return attn @ x


class StraightThrough(nn.Module):
    def __init__(self, channels, codes=32):
        super().__init__()
        self.codes = nn.Embedding(codes, channels)

    def forward(self, x):
        b, n, c = x.shape
        flat = x.reshape(-1, c)
        with torch.no_grad():
            distance = flat.pow(2).sum(1, keepdim=True) - 2 * flat @ self.codes.weight.t() + self.codes.weight.pow(2).sum(1)
            nearest = distance.argmin(1)
        quantized = self.codes(nearest).view(b, n, c)
        return x + (quantized - x).detach()


class Enabled(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = nn.Linear(channels, channels)
        self.b = nn.Linear(channels, channels)

    def forward(self, x):
        with torch.no_grad():
            y = torch.relu(self.a(x))
            with torch.enable_grad():
                z = torch.sigmoid(self.b(y))
            w = torch.exp(z)
        return z * w


class FrozenInput(nn.Module):
    """The whole is frozen, but gradients go through it."""

    def __init__(self, channels, heads=4):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)
        self.requires_grad_(False)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        attn = (q @ k.transpose(-2, -1) * (c // self.heads) ** -0.5).softmax(-1)
        y = (attn @ v).transpose(1, 2).reshape(b, n, c)
        return self.out(y)


class FrozenAttention(nn.Module):
    def __init__(self, channels, heads=4):
        super().__init__()
        self.attn = nn.MultiheadAttention(channels, heads, batch_first=True)
        for p in self.attn.parameters():
            p.requires_grad = False
        self.norm = nn.LayerNorm(channels)

    def forward(self, x):
        y, _ = self.attn(x, x, x)
        return self.norm(x + y)


class FrozenBias(nn.Module):
    """Only biases are trained."""

    def __init__(self, channels):
        super().__init__()
        self.a = nn.Linear(channels, 2 * channels)
        self.b = nn.Linear(2 * channels, channels)
        for name, p in self.named_parameters():
            if 'bias' not in name:
                p.requires_grad = False

    def forward(self, x):
        return self.b(F.silu(self.a(x)))


class LowRank(nn.Module):
    """A frozen product beside a trained one of low rank."""

    def __init__(self, channels, rank=4):
        super().__init__()
        self.base = nn.Linear(channels, channels)
        self.base.weight.requires_grad = False
        self.base.bias.requires_grad = False
        self.down = nn.Parameter(torch.zeros(rank, channels))
        self.up = nn.Parameter(torch.zeros(channels, rank))

    def forward(self, x):
        return self.base(x) + x @ self.down.t() @ self.up.t()


class FrozenProducts(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.mix = nn.Parameter(torch.zeros(channels, channels), requires_grad=False)
        self.scale = nn.Parameter(torch.zeros(1, channels, 1, 1), requires_grad=False)

    def forward(self, x):
        y = torch.einsum('bchw,cd->bdhw', x, self.mix)
        z = y * self.scale
        return z / (self.scale + 1)


class ViewsWithout(nn.Module):
    """A view that is taken without gradients, of something that wants them."""

    def __init__(self, channels):
        super().__init__()
        self.proj = nn.Linear(channels, channels)

    def forward(self, x):
        y = self.proj(x)
        with torch.no_grad():
            k = y.transpose(1, 2)
            a = y @ k
        return (a @ y) * self.proj(x) + (k * torch.exp(k)).transpose(1, 2)


class Whole(nn.Module):
    """Nothing of it is trained."""

    def __init__(self, channels):
        super().__init__()
        self.a = nn.Linear(channels, 2 * channels)
        self.b = nn.Linear(2 * channels, channels)

    @torch.no_grad()
    def forward(self, x):
        h = torch.relu(self.a(x))
        return self.b(h)


class Prototypes(nn.Module):
    """A convolution of what wants no gradient, and a product of what does with it."""

    def __init__(self, channels):
        super().__init__()
        self.embed = nn.Conv2d(channels, channels, 1)
        self.out = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        with torch.no_grad():
            p = F.normalize(self.embed(x), dim=1)
        y = self.out(p)
        return y + x


class Switched(nn.Module):
    """Parts that are frozen by an argument, and part of it trained again."""

    def __init__(self, channels, freeze=True):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(channels, channels), nn.ReLU(), nn.Linear(channels, channels))
        if freeze:
            for p in self.body.parameters():
                p.requires_grad_(False)
        self.body[2].bias.requires_grad = True

    def forward(self, x):
        return self.body(x).sigmoid()


class FrozenBatchNorm(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.norm.weight.requires_grad = False
        self.conv = nn.Conv2d(channels, 2 * channels, 1, bias=False)
        self.conv.weight.requires_grad = False

    def forward(self, x):
        return F.relu(self.conv(F.relu(self.norm(x))))


class FrozenRms(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.RMSNorm(channels)
        self.norm.requires_grad_(False)
        self.gate = nn.Parameter(torch.ones(channels))
        self.shift = nn.Parameter(torch.ones(channels), requires_grad=False)

    def forward(self, x):
        y = self.norm(x)
        return y * self.gate + self.shift * y


class FrozenAfterDetach(nn.Module):
    """What comes of what is detached through frozen weights wants no gradient at all."""

    def __init__(self, channels):
        super().__init__()
        self.side = nn.Linear(channels, channels).requires_grad_(False)
        self.main = nn.Linear(channels, channels)

    def forward(self, x):
        side = torch.tanh(self.side(x.detach()))
        main = torch.tanh(self.main(x))
        return side * main
