/** Correct code in which nothing may be told: what a rule cannot be sure of, it leaves alone. */
import { describe, expect, it } from 'vitest';
import { analyzeFile, createAnalyser } from '../../src/analysis/analyze';

const SOURCES: Readonly<Record<string, string>> = {
  'a kernel that keeps the length by its default, and heads that share the width': `class Conv(nn.Module):
    def __init__(self, d_model, n_head=4, kernel_size=3):
        super().__init__()
        self.n_head = n_head
        self.d_k = d_model // n_head
        self.dw = nn.Conv1d(d_model, d_model, kernel_size, padding=kernel_size // 2, groups=d_model)

    def forward(self, x):
        bsz, seq_len, width = x.shape
        x = self.dw(x.transpose(1, 2)).transpose(1, 2)
        return x.reshape(bsz, seq_len, self.n_head, self.d_k)`,
  "a layer's class without a constructor of its own": `class Plain(nn.Linear):
    def forward(self, input):
        return F.linear(input, self.weight, self.bias)`,
  'a text that is split, by its note where it is handed on': `def parts(name: str):
    head, *rest = name.split('.', 1)
    return head

def make(variant, x):
    return parts(variant), x.softmax(-1)`,
  'a default of another function, which is none of the caller': `class Inner(nn.Module):
    def __init__(self, dim, kernel=7):
        super().__init__()
        if kernel < 3:
            raise ValueError('too small')
        self.conv = nn.Conv2d(dim, dim, kernel)

    def forward(self, x):
        return self.conv(x)

class Outer(nn.Module):
    def __init__(self, dim, patch):
        super().__init__()
        self.inner = Inner(dim, kernel=patch)

    def forward(self, x):
        return self.inner(x)`,
  'a list that is read at a place, then taken apart whole': `class Stages(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        stages = [cfg['one'], cfg['two']]
        self.depths = [stage[1] for stage in stages]
        self.layers = nn.ModuleList()
        for stage in stages:
            first, depth, last = stage
            self.layers.append(nn.Conv2d(first, last, 1))

    def forward(self, x):
        return self.layers[0](x)`,
  'a norm over one channel that the code calls C': `class One(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(1)

    def forward(self, x):
        B, C, H, W = x.shape
        return self.norm(x.flatten(2).transpose(1, 2))`,
  'a call that may fail, and is caught': `def activation(layer):
    try:
        return layer(inplace=True)
    except TypeError:
        return layer()

class Act(nn.Module):
    def __init__(self):
        super().__init__()
        self.act = activation(nn.Sigmoid)

    def forward(self, x):
        return self.act(x)`,
  'a choice of patches that leaves others out by raising': `class Patches(nn.Module):
    def __init__(self, patch_size=16, dim=8):
        super().__init__()
        if patch_size == 16:
            self.proj = nn.Conv2d(3, dim, 16, 16)
        elif patch_size == 8:
            self.proj = nn.Conv2d(3, dim, 8, 8)
        else:
            raise ValueError('8 or 16')

    def forward(self, x):
        return self.proj(x)`,
  'halves of boxes, and differences that wrap round': `def corners(boxes):
    xy, wh = boxes[..., :2], boxes[..., 2:]
    return torch.cat((xy, xy + wh), dim=-1)

def slopes(boxes):
    x, y = boxes[..., ::2], boxes[..., 1::2]
    return y - x.diff(append=x[..., 0:1])`,
  'a result by name of a part that is given': `class Segment(nn.Module):
    def __init__(self, backbone, head: nn.Module):
        super().__init__()
        self.backbone = backbone
        self.head = head

    def forward(self, x):
        features = self.backbone(x)
        return self.head(features['out'])`,
  'sizes of an image in a list that is given': `def fit(image, new_size):
    b, c, h, w = image.shape
    return F.interpolate(image, size=tuple(new_size))`,
  'windows of a padded map': `class Windows(nn.Module):
    def __init__(self, window=7):
        super().__init__()
        self.window = window

    def forward(self, x):
        B, H, W, C = x.shape
        x = F.pad(x, (0, 0, 0, (self.window - W % self.window) % self.window, 0, (self.window - H % self.window) % self.window))
        _, Hp, Wp, _ = x.shape
        x = x.view(B, Hp // self.window, self.window, Wp // self.window, self.window, C)
        x = x.permute(0, 1, 3, 2, 4, 5).reshape(-1, self.window, self.window, C)
        b = int(x.shape[0] / (Hp * Wp / self.window / self.window))
        return x.view(b, Hp // self.window, Wp // self.window, self.window, self.window, -1)`,
  'a padding that is none for small windows': `class Root(nn.Module):
    def __init__(self, cin: int, cout: int, kernel_size: int, shortcut: bool):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, 1, bias=False, padding=(kernel_size - 1) // 2)
        self.bn = nn.BatchNorm2d(cout)
        self.shortcut = shortcut

    def forward(self, parts):
        y = self.bn(self.conv(torch.cat(parts, 1)))
        return y + parts[0] if self.shortcut else y`,
  'bytes read as another type': `def flip(t: torch.Tensor):
    return t.contiguous().view(torch.uint8).view(*t.shape, t.element_size()).flip(-1).view(*t.shape[:-1], -1).view(t.dtype)`,
  'windows in a list of which the code asks two': `class Pooled(nn.Module):
    def __init__(self, channels, strides, size):
        super().__init__()
        self.pool = nn.MaxPool3d([s + 1 if s > 1 else s for s in strides], stride=strides)
        self.rel = nn.Parameter(torch.zeros(size // strides[1], channels))

    def forward(self, x: torch.Tensor, thw: tuple[int, int, int]):
        B, N, C = x.shape[:3]
        x = self.pool(x.reshape((B * N, C) + thw))
        T, H, W = x.shape[2:]
        return x.reshape(B, N, C, -1).transpose(2, 3)`,
  "sizes that the code asserts by torch's own function": `class Checked(nn.Module):
    def __init__(self, resolution):
        super().__init__()
        self.resolution = resolution

    def forward(self, x):
        H = W = self.resolution
        B, C, H_, W_ = x.shape
        torch._assert(H == H_, 'height')
        torch._assert(W == W_, 'width')
        return x + torch.zeros(B, C, H, W)`,
  'a rank that one side of a test alone asks for': `class Add(nn.Module):
    def __init__(self, m):
        super().__init__()
        self.m = m

    def forward(self, x):
        return x + self.m(x)

class Stage(nn.Module):
    def __init__(self, dim, out_dim, downsample=('', 1)):
        super().__init__()
        if downsample[0] == 'subsample':
            parts = [('a', nn.Sequential(Add(nn.Sequential(nn.Conv2d(dim, dim, 3, 1, 1), nn.BatchNorm2d(dim)))))]
            parts.append(('b', nn.Conv2d(dim, out_dim, 3, 2, 1)))
            self.down = nn.Sequential(OrderedDict(parts))
        else:
            assert dim == out_dim
            self.down = nn.Identity()
        self.blocks = nn.Sequential(*[Add(nn.Conv2d(out_dim, out_dim, 3, 1, 1)) for _ in range(2)])

    def forward(self, x):
        return self.blocks(self.down(x))`,
  'a branch that is there where widths agree': `class Mobile(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.identity = nn.BatchNorm2d(cin) if cout == cin and stride == 1 else None
        self.conv = nn.Conv2d(cin, cout, 3, stride, 1)

    def forward(self, x):
        identity_out = 0
        if self.identity is not None:
            identity_out = self.identity(x)
        return self.conv(x) + identity_out

class Whole(nn.Module):
    def __init__(self, ratio: float = 2.0):
        super().__init__()
        self.last = Mobile(512, int(512 * ratio))

    def forward(self, x):
        return self.last(x)`,
  'an axis that is as wide as a head': `
class Relative(nn.Module):
    def __init__(self, size, dim_head):
        super().__init__()
        self.table = nn.Parameter(torch.randn(size * 2 - 1, dim_head))

    def forward(self, q):
        b, h, n, d = q.shape
        return torch.einsum('b h n d, r d -> b h n r', q, self.table)`,
  'batches that stand second': `
class Additive(nn.Module):
    def __init__(self, encoded, decoded):
        super().__init__()
        self.attn = nn.Linear(encoded * 2 + decoded, decoded)
        self.v = nn.Linear(decoded, 1, bias=False)

    def forward(self, hidden, encoder_outputs):
        batch_size = encoder_outputs.shape[1]
        src_len = encoder_outputs.shape[0]
        hidden = hidden.unsqueeze(1).repeat(1, src_len, 1)
        encoder_outputs = encoder_outputs.permute(1, 0, 2)
        energy = torch.tanh(self.attn(torch.cat((hidden, encoder_outputs), dim=2)))
        return torch.softmax(self.v(energy).squeeze(2), dim=1)`,
  "a part by default that the file's own calls never leave out": `import functools

class Conv(nn.Module):
    def __init__(self, cin, cout, kernel_size, stride=1, padding=None):
        super().__init__()
        self.conv = nn.Conv2d(cin, cout, kernel_size, stride, (kernel_size - 1) // 2 if padding is None else padding)

    def forward(self, x):
        return self.conv(x)

class Reduce(nn.Module):
    def __init__(self, cin, block=None):
        super().__init__()
        block = block or Conv
        self.left = block(cin, 32, 3, stride=2)

    def forward(self, x):
        return torch.cat([self.left(x), F.max_pool2d(x, kernel_size=3, stride=2)], 1)

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.reduce = Reduce(16, block=functools.partial(Conv, padding=0))

    def forward(self, x):
        return self.reduce(x)`,
  'a part that takes more where it is of another make': `class Flexible(nn.Module):
    def __init__(self, cin, cout, layers):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(layers, cout, cin))

    def forward(self, x, layer_idx=None):
        return x @ self.weight[layer_idx].transpose(-1, -2)

class Gate(nn.Module):
    def __init__(self, dim, hidden, layers):
        super().__init__()
        if layers == 1:
            self.fc = nn.Linear(dim, hidden, bias=False)
        else:
            self.fc = Flexible(dim, hidden, layers)

    def forward(self, x, layer_idx):
        return self.fc(x) if layer_idx is None else self.fc(x, layer_idx)`,
  'a tensor that its type calls a tuple': `class Mlp(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.fc = nn.Linear(dim, 4 * dim)

    def forward(self, hidden_states: tuple[torch.FloatTensor] | None) -> torch.FloatTensor:
        return self.fc(hidden_states)`,
  'an index that is left out by default, and used': `class Fused(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.proj = nn.Conv2d(1, 32, 4, 4)

    def forward(self, pixel_values, longer=None):
        if self.config.enable_fusion:
            if len(longer) > 0:
                local = pixel_values[longer, 1:, :, :].contiguous()
                batch_size, num_channels, height, width = local.shape
                return self.proj(local.view(batch_size * num_channels, 1, height, width))
        return self.proj(pixel_values[:, 0:1])`,
  'a name that a turn before sets': `class Chunks(nn.Module):
    def __init__(self, channels, scale=8):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Conv1d(channels // scale, channels // scale, 3, padding=1) for _ in range(scale - 1)])
        self.scale = scale

    def forward(self, x):
        outputs = []
        for i, part in enumerate(torch.chunk(x, self.scale, dim=1)):
            if i == 0:
                output_part = part
            elif i == 1:
                output_part = self.blocks[i - 1](part)
            else:
                output_part = self.blocks[i - 1](part + output_part)
            outputs.append(output_part)
        return torch.cat(outputs, dim=1)`,
  'an image of a library, which turns over by a method that tensors have': `import PIL.Image
from PIL import Image

def is_image(img):
    return isinstance(img, Image.Image)

def flipped(img: Image.Image):
    if not is_image(img):
        raise TypeError('an image is wanted')
    return img.transpose(Image.FLIP_LEFT_RIGHT)

def flip(image: PIL.Image.Image):
    return flipped(image)`,
  'indices of a rounded root': `def index(height, width):
    coords = torch.flatten(torch.stack(torch.meshgrid([torch.arange(height), torch.arange(width)])), 1)
    relative = (coords[:, :, None] - coords[:, None, :]).permute(1, 2, 0).contiguous()
    relative[:, :, 0] += height - 1
    relative[:, :, 0] *= 2 * width - 1
    return relative.sum(-1)

class Bias(nn.Module):
    def __init__(self, heads, length):
        super().__init__()
        self.length = length
        self.size = int(length ** 0.5)
        self.table = nn.Parameter(torch.empty((2 * self.size - 1) * (2 * self.size - 1), heads))
        self.register_buffer('idx', index(self.size, self.size))

    def forward(self, x):
        return x + self.table[self.idx.view(-1)].view(self.length, self.length, -1).sum()`,
  'two tensors that a forward is given, of which nothing is told': `class Link(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.kind = config.link_tower_type
        if config.link_tower_type in ['add', 'scaled_add']:
            self.norm = nn.LayerNorm(config.hidden_size)
        else:
            raise NotImplementedError('unknown')

    def forward(self, hidden_states, cross_hidden_states, attention_mask):
        if self.kind == 'add':
            return self.norm(hidden_states + cross_hidden_states)
        raise NotImplementedError('unknown')`,
  'chunks of a tensor of which only places of axes are told': `def chunked(query, chunk_size=64):
    sequence_length = query.shape[2]
    pad_size = (chunk_size - sequence_length % chunk_size) % chunk_size
    query = F.pad(query, (0, 0, 0, pad_size))
    return query.reshape(query.shape[0], query.shape[1], -1, chunk_size, query.shape[-1])`,
  'a padding that keeps the size at a stride of 1, of any filter': `class Same(nn.Module):
    def __init__(self, dim, kernel=3, stride=1, dilation=1):
        super().__init__()
        self.has_skip = stride == 1
        padding = ((stride - 1) + dilation * (kernel - 1)) // 2
        self.conv = nn.Conv2d(dim, dim, kernel, stride, padding=padding, dilation=dilation)

    def forward(self, x):
        y = self.conv(x)
        return y + x if self.has_skip else y`,
  'stages of a configuration of which one is asked for': `def kept(count):
    assert count >= 2
    return [None] * count

class Stages(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.stem = nn.Conv2d(3, cfg.blocks[0].width, 3)
        self.drops = kept(len([stage for stage in cfg.blocks]))

    def forward(self, x):
        return self.stem(x)`,
  'a block that takes what two branches left, and asks for a pair': `class Dual(nn.Module):
    def __init__(self, total, kept, more):
        super().__init__()
        self.kept = kept
        self.conv = nn.Conv2d(total, kept + more, 1)

    def forward(self, x):
        joined = torch.cat(x, dim=1) if isinstance(x, tuple) else x
        first = x[0]
        second = x[1]
        made = self.conv(joined)
        out = made[:, :self.kept, :, :]
        return first + out, torch.cat([second, made[:, self.kept:, :, :]], dim=1)`,
  'arguments that are not known, one of which a default would stand for': `class Windows(nn.Module):
    def __init__(self, dim, size=64, window=8):
        super().__init__()
        mask = torch.zeros(1, size, size)
        self.register_buffer('mask', mask.view(1, size // window, window, size // window, window))
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        return self.proj(x)

class Built(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.windows = Windows(8, window=10, **settings.windows)

    def forward(self, x):
        return self.windows(x)`,
  "a rank that is told behind a norm of the code's own": `class Norm(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))

    def forward(self, hidden: torch.Tensor):
        hidden = hidden * torch.rsqrt(hidden.pow(2).mean(-1, keepdim=True) + 1e-6)
        return self.weight * hidden

class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.norm = Norm(config.size)
        self.proj = nn.Linear(config.size, config.size)
        self.heads = config.heads

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor):
        normed = self.norm(hidden)
        batch, length, size = normed.shape
        made = self.proj(normed).view(batch, length, self.heads, size // self.heads)
        return hidden + made.flatten(2) * mask`,
  'a tuple of whatever, which its type calls one of tensors': `class Relative(nn.Module):
    def __init__(self, config, block):
        super().__init__()
        self.kind = config.kind
        self.block = block
        self.kernel = nn.Parameter(torch.zeros([config.size, config.heads, config.size]))

    def attend(self, embeds, q):
        made = torch.einsum('binh,dnh->bind', q, self.kernel)
        if self.kind == 'factorized':
            phi, pi, psi, omega = embeds
            first = torch.einsum('bind,jd->bnij', made * phi[:, None], psi)
            return first + torch.einsum('bind,jd->bnij', made * pi[:, None], omega)
        return torch.einsum('bind,jd->bnij', made, embeds[self.block][0])

    def forward(self, query: torch.Tensor, given: tuple[torch.Tensor]):
        embeds, kinds, mask, cls = given
        batch, length, heads, size = query.shape
        return self.attend(embeds, query)`,
  'a member of an enumeration, which a word may stand for': `from enum import Enum

class Kind(Enum):
    WIDE = 'wide'
    SLIM = 'slim'

def is_wide(kind):
    if isinstance(kind, Kind):
        return kind == Kind.WIDE
    return kind in ('wide',)

def read(boxes, kind):
    if isinstance(kind, str):
        kind = Kind[kind.upper()]
    return boxes[..., 6] if kind == Kind.WIDE else boxes[..., 2]

def kept(boxes: torch.Tensor, kind: Kind):
    count, _ = boxes.shape
    wide = is_wide(kind)
    parts = boxes.reshape(-1, 8 if wide else 4)
    return read(parts, kind)`,
  'places of sines and cosines, stacked on an axis behind the last': `class Sines(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim // 2

    def forward(self, image, mask):
        along = mask.cumsum(2, dtype=torch.float32)
        along = along / (along[:, :, -1:] + 1e-6)
        steps = 10000 ** (2 * torch.arange(self.dim, device=image.device) / self.dim)
        places = along[:, :, :, None] / steps
        places = torch.stack((places[:, :, :, 0::2].sin(), places[:, :, :, 1::2].cos()), dim=4).flatten(3)
        return places.permute(0, 3, 1, 2)`,
  'an axis that is dropped where it is 1, which the code counts on': `class Head(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 5, padding=2)
        self.norm = nn.BatchNorm1d(channels)
        self.fc = nn.Linear(channels, 7)

    def forward(self, hidden: torch.Tensor):
        hidden = self.norm(self.conv(hidden.squeeze(2)))
        return self.fc(hidden.transpose(1, 2)).softmax(2)`,
};

describe('nothing is told of', () => {
  for (const [name, body] of Object.entries(SOURCES))
    it(name, async () => {
      const text = `import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n${body}\n`;
      const analysis = await analyzeFile(
        '/m.py',
        createAnalyser(async (file) => (file === '/m.py' ? text : undefined)),
      );
      const told = (analysis?.diagnostics ?? []).filter(({ severity }) => severity === 'error' || severity === 'warning');
      expect(told.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    });
});
