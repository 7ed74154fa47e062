"""Decoders that keep keys and values of the tokens before, each in a way that people write it."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def repeat_heads(x, times):
    """[b, n, heads, d] -> [b, n, heads * times, d]"""
    b, n, heads, d = x.shape
    if times == 1:
        return x
    return x[:, :, :, None, :].expand(b, n, heads, times, d).reshape(b, n, heads * times, d)


class Returned(nn.Module):
    """The past goes in as a pair and comes out one token longer."""

    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads = heads
        self.dim = dim
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x, layer_past=None):
        b, t, c = x.size()
        q, k, v = self.qkv(x).split(self.dim, dim=2)
        k = k.view(b, t, self.heads, c // self.heads).transpose(1, 2)
        q = q.view(b, t, self.heads, c // self.heads).transpose(1, 2)
        v = v.view(b, t, self.heads, c // self.heads).transpose(1, 2)
        if layer_past is not None:
            past_k, past_v = layer_past
            k = torch.cat((past_k, k), dim=-2)
            v = torch.cat((past_v, v), dim=-2)
        present = (k, v)
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = F.softmax(att, dim=-1)
        y = (att @ v).transpose(1, 2).contiguous().view(b, t, c)
        return self.proj(y), present


class Continued(Returned):
    """The same with the past as inputs of its own."""

    def forward(self, x, past_k, past_v):
        return super().forward(x, (past_k, past_v))


class Written(nn.Module):
    """Buffers for the longest sequence, of which a slice is written; fewer heads for keys and values."""

    def __init__(self, dim=64, heads=8, kv_heads=2, max_batch=4, max_tokens=32):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, dim // heads
        self.wq = nn.Linear(dim, heads * self.head_dim, bias=False)
        self.wk = nn.Linear(dim, kv_heads * self.head_dim, bias=False)
        self.wv = nn.Linear(dim, kv_heads * self.head_dim, bias=False)
        self.wo = nn.Linear(heads * self.head_dim, dim, bias=False)
        self.cache_k = torch.zeros((max_batch, max_tokens, kv_heads, self.head_dim))
        self.cache_v = torch.zeros((max_batch, max_tokens, kv_heads, self.head_dim))

    def forward(self, x: torch.Tensor, start: int):
        b, n, _ = x.shape
        xq = self.wq(x).view(b, n, self.heads, self.head_dim)
        xk = self.wk(x).view(b, n, self.kv_heads, self.head_dim)
        xv = self.wv(x).view(b, n, self.kv_heads, self.head_dim)
        self.cache_k = self.cache_k.to(xq)
        self.cache_v = self.cache_v.to(xq)
        self.cache_k[:b, start : start + n] = xk
        self.cache_v[:b, start : start + n] = xv
        keys = repeat_heads(self.cache_k[:b, : start + n], self.heads // self.kv_heads).transpose(1, 2)
        values = repeat_heads(self.cache_v[:b, : start + n], self.heads // self.kv_heads).transpose(1, 2)
        scores = torch.matmul(xq.transpose(1, 2), keys.transpose(2, 3)) / math.sqrt(self.head_dim)
        scores = F.softmax(scores.float(), dim=-1).type_as(xq)
        out = torch.matmul(scores, values).transpose(1, 2).contiguous().view(b, n, -1)
        return self.wo(out)


class KeyValueStore(nn.Module):
    def __init__(self, max_batch, max_tokens, kv_heads, head_dim, dtype=torch.float32):
        super().__init__()
        self.register_buffer("k_cache", torch.zeros(max_batch, kv_heads, max_tokens, head_dim, dtype=dtype))
        self.register_buffer("v_cache", torch.zeros(max_batch, kv_heads, max_tokens, head_dim, dtype=dtype))

    def update(self, input_pos, k, v):
        k_out = self.k_cache
        v_out = self.v_cache
        k_out[:, :, input_pos] = k
        v_out[:, :, input_pos] = v
        return k_out, v_out


class Indexed(nn.Module):
    """Buffers in a module of their own, written at positions; read whole, under a mask."""

    def __init__(self, dim=64, heads=8, kv_heads=2, max_batch=2, max_tokens=16):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, dim // heads
        self.wqkv = nn.Linear(dim, (heads + 2 * kv_heads) * self.head_dim, bias=False)
        self.wo = nn.Linear(dim, dim, bias=False)
        self.kv_cache = KeyValueStore(max_batch, max_tokens, kv_heads, self.head_dim)

    def forward(self, x, mask, input_pos):
        b, n, dim = x.shape
        kv_size = self.kv_heads * self.head_dim
        q, k, v = self.wqkv(x).split([dim, kv_size, kv_size], dim=-1)
        q = q.view(b, n, self.heads, self.head_dim).transpose(1, 2)
        k = k.view(b, n, self.kv_heads, self.head_dim).transpose(1, 2)
        v = v.view(b, n, self.kv_heads, self.head_dim).transpose(1, 2)
        k, v = self.kv_cache.update(input_pos, k, v)
        k = k.repeat_interleave(self.heads // self.kv_heads, dim=1)
        v = v.repeat_interleave(self.heads // self.kv_heads, dim=1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.wo(y.transpose(1, 2).contiguous().view(b, n, dim))


class MultiQuery(nn.Module):
    """One head of keys and values for all queries, side by side in one tensor that is kept."""

    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads, self.head_dim = heads, dim // heads
        self.attn = nn.Linear(dim, dim + 2 * self.head_dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: torch.Tensor, layer_past: torch.Tensor):
        b, n, dim = x.shape
        query, key_value = self.attn(x).split((dim, 2 * self.head_dim), dim=2)
        key_value = torch.cat((layer_past, key_value), dim=-2)
        present = key_value
        key, value = key_value.split((self.head_dim, self.head_dim), dim=-1)
        query = query.reshape(b, n * self.heads, self.head_dim)
        weights = torch.softmax(torch.bmm(query, key.transpose(-1, -2)) / self.head_dim**0.5, dim=-1)
        out = torch.bmm(weights, value).view(b, n, dim)
        return self.proj(out), present


class Latent(nn.Module):
    """A narrow tensor that keys and values of all heads are made of, and a part of the keys for their places."""

    def __init__(self, dim=64, heads=4, rank=16, place_dim=8, max_batch=2, max_tokens=32):
        super().__init__()
        self.heads, self.rank, self.place_dim = heads, rank, place_dim
        self.wq = nn.Linear(dim, heads * (rank + place_dim))
        self.wkv = nn.Linear(dim, rank + place_dim)
        self.wo = nn.Linear(heads * rank, dim)
        self.norm = nn.LayerNorm(rank)
        self.register_buffer("kv_cache", torch.zeros(max_batch, max_tokens, rank), persistent=False)
        self.register_buffer("pe_cache", torch.zeros(max_batch, max_tokens, place_dim), persistent=False)

    def forward(self, x: torch.Tensor, start: int):
        b, n, _ = x.size()
        end = start + n
        q = self.wq(x).view(b, n, self.heads, self.rank + self.place_dim)
        q_latent, q_place = torch.split(q, [self.rank, self.place_dim], dim=-1)
        kv, k_place = torch.split(self.wkv(x), [self.rank, self.place_dim], dim=-1)
        self.kv_cache[:b, start:end] = self.norm(kv)
        self.pe_cache[:b, start:end] = k_place
        scores = torch.einsum("bshc,btc->bsht", q_latent, self.kv_cache[:b, :end]) + torch.einsum(
            "bshr,btr->bsht", q_place, self.pe_cache[:b, :end]
        )
        scores = scores.softmax(dim=-1)
        out = torch.einsum("bsht,btc->bshc", scores, self.kv_cache[:b, :end])
        return self.wo(out.flatten(2))


class Grouped(nn.Module):
    """Queries grouped by the head of keys that they share: nothing is repeated."""

    def __init__(self, dim=64, heads=8, kv_heads=2):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, dim // heads
        self.to_q = nn.Linear(dim, heads * self.head_dim)
        self.to_kv = nn.Linear(dim, 2 * kv_heads * self.head_dim)
        self.to_out = nn.Linear(heads * self.head_dim, dim)

    def forward(self, x, cache):
        b, n, _ = x.shape
        groups = self.heads // self.kv_heads
        q = self.to_q(x).view(b, n, self.kv_heads, groups, self.head_dim).permute(0, 2, 3, 1, 4)
        k, v = self.to_kv(x).view(b, n, 2, self.kv_heads, self.head_dim).permute(2, 0, 3, 1, 4).unbind(0)
        past_k, past_v = cache
        k = torch.cat([past_k, k], dim=2)
        v = torch.cat([past_v, v], dim=2)
        scores = torch.einsum("bkgqd,bksd->bkgqs", q, k) / math.sqrt(self.head_dim)
        out = torch.einsum("bkgqs,bksd->bkgqd", scores.softmax(-1), v)
        out = out.permute(0, 3, 1, 2, 4).reshape(b, n, -1)
        return self.to_out(out), torch.stack((k, v))


class Stateful(nn.Module):
    """The module holds what it has seen in its own fields."""

    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(dim, dim * 3)
        self.out = nn.Linear(dim, dim)
        self.past_keys = None
        self.past_values = None

    def forward(self, x):
        b, n, dim = x.shape
        q, k, v = self.to_qkv(x).reshape(b, n, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        if self.past_keys is not None:
            k = torch.cat([self.past_keys, k], dim=2)
            v = torch.cat([self.past_values, v], dim=2)
        self.past_keys, self.past_values = k, v
        y = F.scaled_dot_product_attention(q, k, v)
        return self.out(y.transpose(1, 2).reshape(b, n, dim))


class Windowed(nn.Module):
    """Of what it has seen it returns the last tokens alone."""

    def __init__(self, dim=64, heads=4, window=8):
        super().__init__()
        self.heads, self.window = heads, window
        self.to_qkv = nn.Linear(dim, dim * 3)
        self.out = nn.Linear(dim, dim)

    def forward(self, x, past):
        b, n, dim = x.shape
        q, k, v = self.to_qkv(x).reshape(b, n, 3, self.heads, dim // self.heads).permute(2, 0, 3, 1, 4)
        k = torch.cat([past[0], k], dim=2)
        v = torch.cat([past[1], v], dim=2)
        attn = (q @ k.transpose(-2, -1)).softmax(dim=-1)
        y = (attn @ v).transpose(1, 2).reshape(b, n, dim)
        return self.out(y), (k[:, :, -self.window :].detach(), v[:, :, -self.window :].detach())


class Merged(nn.Module):
    """Heads and samples share an axis, keys lie with their places last; fused attention does not see it."""

    def __init__(self, dim=64, heads=4):
        super().__init__()
        self.heads, self.head_dim = heads, dim // heads
        self.query_key_value = nn.Linear(dim, 3 * dim)
        self.dense = nn.Linear(dim, dim)

    def forward(self, x, past_key: torch.Tensor, past_value: torch.Tensor):
        b, n, dim = x.shape
        fused = self.query_key_value(x).view(b, n, self.heads, 3, self.head_dim)
        q, k, v = fused[..., 0, :], fused[..., 1, :], fused[..., 2, :]
        q = q.transpose(1, 2).reshape(b * self.heads, n, self.head_dim)
        k = k.permute(0, 2, 3, 1).reshape(b * self.heads, self.head_dim, n)
        v = v.transpose(1, 2).reshape(b * self.heads, n, self.head_dim)
        key = torch.cat((past_key, k), dim=2)
        value = torch.cat((past_value, v), dim=1)
        scores = torch.baddbmm(torch.zeros(1), q, key, beta=0.0, alpha=self.head_dim**-0.5)
        weights = torch.softmax(scores, dim=-1)
        out = torch.bmm(weights, value).view(b, self.heads, n, self.head_dim)
        return self.dense(out.permute(0, 2, 1, 3).reshape(b, n, dim)), (key, value)


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


class Turned(nn.Module):
    """Keys are kept as they are made; what tells their places is worked into them each time."""

    def __init__(self, dim=64, heads=4, kv_heads=2):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, dim // heads
        self.q_proj = nn.Linear(dim, dim, bias=False)
        self.k_proj = nn.Linear(dim, kv_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(dim, kv_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(dim, dim, bias=False)

    def forward(self, hidden_states, past_key, past_value):
        b, n, dim = hidden_states.shape
        q = self.q_proj(hidden_states).view(b, n, self.heads, self.head_dim).transpose(1, 2)
        k = self.k_proj(hidden_states).view(b, n, self.kv_heads, self.head_dim).transpose(1, 2)
        v = self.v_proj(hidden_states).view(b, n, self.kv_heads, self.head_dim).transpose(1, 2)
        k = torch.cat([past_key, k], dim=2)
        v = torch.cat([past_value, v], dim=2)
        present = (k, v)
        total = k.shape[2]
        places = torch.arange(total, device=k.device)[:, None] / 10000 ** (torch.arange(self.head_dim) / self.head_dim)
        cos, sin = places.cos(), places.sin()
        k = k * cos + rotate_half(k) * sin
        q = q * cos[-n:] + rotate_half(q) * sin[-n:]
        y = F.scaled_dot_product_attention(q, k, v, enable_gqa=True)
        return self.o_proj(y.transpose(1, 2).reshape(b, n, dim)), present


class Decoder(nn.Module):
    """Several layers, each with its own past."""

    def __init__(self, vocabulary=100, dim=64, heads=4, layers=3):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, dim)
        self.layers = nn.ModuleList([Returned(dim, heads) for _ in range(layers)])
        self.norm = nn.LayerNorm(dim)

    def forward(self, ids):
        x = self.embed(ids)
        presents = []
        for layer in self.layers:
            y, present = layer(x)
            x = x + y
            presents.append(present)
        return self.norm(x), presents


class WrittenDecoder(nn.Module):
    """Several layers that hold their own buffers."""

    def __init__(self, vocabulary=100, dim=64, layers=2):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, dim)
        self.layers = nn.ModuleList([Written(dim) for _ in range(layers)])
        self.head = nn.Linear(dim, vocabulary)

    def forward(self, ids: torch.Tensor, start: int):
        x = self.embed(ids)
        for layer in self.layers:
            x = x + layer(x, start)
        return self.head(x)


class Narrowed(nn.Module):
    """Memory that is written through views of it."""

    def __init__(self, dim=64, heads=4, max_batch=4, max_tokens=32):
        super().__init__()
        self.heads, self.head_dim = heads, dim // heads
        self.qkv = nn.Linear(dim, dim * 3)
        self.register_buffer("keys", torch.zeros(max_batch, heads, max_tokens, self.head_dim))
        self.register_buffer("values", torch.zeros(max_batch, heads, max_tokens, self.head_dim))

    def forward(self, x, start: int):
        b, n, dim = x.shape
        q, k, v = self.qkv(x).reshape(b, n, 3, self.heads, self.head_dim).permute(2, 0, 3, 1, 4)
        self.keys[:b].narrow(2, start, n).copy_(k)
        self.values[:b].narrow(2, start, n).copy_(v)
        keys, values = self.keys[:b, :, : start + n], self.values[:b, :, : start + n]
        scores = (q @ keys.transpose(-2, -1)).softmax(dim=-1)
        return (scores @ values).transpose(1, 2).reshape(b, n, dim)


class Stacked(nn.Module):
    """One piece of memory for keys and values of all layers."""

    def __init__(self, dim=64, heads=4, layers=2, max_batch=4, max_tokens=32):
        super().__init__()
        self.heads, self.head_dim = heads, dim // heads
        self.layers = nn.ModuleList([nn.Linear(dim, dim * 3) for _ in range(layers)])
        self.register_buffer("cache", torch.zeros(layers, 2, max_batch, heads, max_tokens, self.head_dim))

    def forward(self, x, start: int):
        b, n, dim = x.shape
        for at, layer in enumerate(self.layers):
            q, k, v = layer(x).reshape(b, n, 3, self.heads, self.head_dim).permute(2, 0, 3, 1, 4)
            self.cache[at, 0, :b, :, start : start + n] = k
            self.cache[at, 1, :b, :, start : start + n] = v
            keys = self.cache[at, 0, :b, :, : start + n]
            values = self.cache[at, 1, :b, :, : start + n]
            scores = (q @ keys.transpose(-2, -1)).softmax(dim=-1)
            x = x + (scores @ values).transpose(1, 2).reshape(b, n, dim)
        return x
