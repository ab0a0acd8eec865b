"""How bodies, facts and link lists become bytes."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec
import xxhash

from crawler.core.facts import PageFacts
from crawler.core.model import Attempt, Hop

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LEVEL = 3  # 2.6 times smaller at 0.03-0.06 ms a page (LIBRARIES "bodies")
_CAP = 64 * 1024 * 1024  # no body is kept that is larger

# JSON, not msgpack: it keeps the +08:00 of a date, msgpack's timestamps come back as UTC.
_encoder = msgspec.json.Encoder()
_facts = msgspec.json.Decoder(PageFacts)


_own = threading.local()


def compress(data: bytes) -> bytes:
    """Each thread keeps its compressor: making one costs half as much as compressing facts does."""
    known = getattr(_own, "zstd", None)
    compressor: zstd.ZstdCompressor = known or zstd.ZstdCompressor(level=_LEVEL)
    _own.zstd = compressor
    return compressor.compress(data, zstd.ZstdCompressor.FLUSH_FRAME)


def decompress(data: bytes) -> bytes:
    return zstd.ZstdDecompressor().decompress(data, max_length=_CAP)


def pack_facts(facts: PageFacts) -> bytes:
    return compress(_encoder.encode(facts))


def unpack_facts(data: bytes) -> PageFacts:
    return _facts.decode(decompress(data))


_DIGITS = re.compile(r"\d+")


def text_key(facts: PageFacts) -> int:
    """Equal for one shell at many URLs: title and text without digits, as a signed 64-bit number; 0 for no text."""
    text = _DIGITS.sub("", f"{facts.title}\n{facts.main_text}")
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) - (1 << 63) if text.strip() else 0


def pack_ids(ids: Iterable[int]) -> bytes:
    """Distinct target ids as little-endian base-128 differences of the sorted list: about 126 bytes for 110 links."""
    out = bytearray()
    last = 0
    for number in sorted(set(ids)):
        step, last = number - last, number
        while step > 127:
            out.append(step & 127 | 128)
            step >>= 7
        out.append(step)
    return bytes(out)


def unpack_ids(packed: bytes) -> list[int]:
    ids: list[int] = []
    number = step = shift = 0
    for byte in packed:
        if byte & 128:
            step |= (byte & 127) << shift
            shift += 7
        else:
            number += step | byte << shift
            ids.append(number)
            step = shift = 0
    return ids


@dataclass(frozen=True, slots=True)
class Detail:
    """What a row of the fetch log keeps beside its columns; absent for one plain answer."""

    hops: tuple[Hop, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    tls: dict[str, str] = field(default_factory=dict)


_detail = msgspec.json.Decoder(Detail)


def pack_detail(detail: Detail) -> bytes:
    return _encoder.encode(detail)


def unpack_detail(data: bytes) -> Detail:
    return _detail.decode(data)
