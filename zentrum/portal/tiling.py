"""Map tiles through our own address: the visitor's browser contacts nobody else.

A tile is fetched once from the provider (`TILE_URL`) and kept on disk. When the provider cannot be
reached a plain grey tile takes its place, and nobody asks again for a minute.
"""

import hashlib
import logging
import math
import os
import struct
import zlib
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from time import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.cache import cache
from shapely.geometry import shape

from zentrum.office.models import Centre

logger = logging.getLogger(__name__)

GERMANY = (5.5, 47.0, 15.5, 55.2)  # west, south, east, north in degrees
WIDE_ZOOM = 8  # up to here all of Germany is some hundred tiles; beyond, only around the centres
MARGIN_DEGREES = 0.02
MARGIN_TILES = 4  # a wide window that is centred on the border of an area
LARGEST = 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
TIMEOUT = 3
PAUSE = 60
FRESH = timedelta(days=30)
BOUNDS_KEPT = 60
PAUSE_KEY, BOUNDS_KEY = "tiles-pause", "tiles-bounds"
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Tile:
    """The picture of a square of the map in Web Mercator; a stand-in is not kept."""

    content: bytes
    is_stand_in: bool = False

    @property
    def content_type(self) -> str:
        return "image/jpeg" if self.content.startswith(JPEG) else "image/png"


def is_served(z: int, x: int, y: int) -> bool:
    """Whether the tile exists and lies where this town looks at maps."""
    if z > settings.LEAFLET_CONFIG["MAX_ZOOM"] or max(x, y) >= 2**z:
        return False
    areas = [GERMANY] if z <= WIDE_ZOOM else _centre_bounds()
    return any(_is_near(z, x, y, area) for area in areas)


def tile(z: int, x: int, y: int) -> Tile:
    """The tile from disk or from the provider, an old one or a grey one if need be."""
    path = _path(z, x, y)
    kept = _read(path)
    if kept and time() - path.stat().st_mtime < FRESH.total_seconds():
        return Tile(kept)
    if fetched := _fetch(z, x, y):
        _keep(path, fetched)
        return Tile(fetched)
    return Tile(kept) if kept else GREY


def _is_near(z: int, x: int, y: int, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    left, top = _tile_of(z, west - MARGIN_DEGREES, north + MARGIN_DEGREES)
    right, bottom = _tile_of(z, east + MARGIN_DEGREES, south - MARGIN_DEGREES)
    across = left - MARGIN_TILES <= x <= right + MARGIN_TILES
    return across and top - MARGIN_TILES <= y <= bottom + MARGIN_TILES


def _tile_of(z: int, longitude: float, latitude: float) -> tuple[int, int]:
    """The number of the tile that holds a position (slippy map, EPSG:3857)."""
    slope = math.asinh(math.tan(math.radians(max(-85.0, min(85.0, latitude)))))
    side = 2**z
    return int((longitude + 180) / 360 * side), int((1 - slope / math.pi) / 2 * side)


def _centre_bounds() -> list[Bounds]:
    bounds = cache.get(BOUNDS_KEY)
    if bounds is None:
        rows = Centre.objects.values_list("area", "longitude", "latitude")
        bounds = [found for row in rows if (found := _bounds_of(*row))]
        cache.set(BOUNDS_KEY, bounds, BOUNDS_KEPT)
    return bounds


def _bounds_of(area: dict | None, longitude: float | None, latitude: float | None) -> Bounds | None:
    if area:
        return shape(area).bounds
    if longitude is None or latitude is None:
        return None
    return longitude, latitude, longitude, latitude


def _path(z: int, x: int, y: int) -> Path:
    provider = hashlib.sha256(settings.TILE_URL.encode()).hexdigest()[:12]
    return settings.TILE_CACHE / provider / str(z) / str(x) / f"{y}.tile"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _keep(path: Path, content: bytes) -> None:
    """Whoever reads meanwhile sees the old file or the new one, never half of it."""
    draft = path.with_suffix(f".{os.getpid()}-{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        logger.warning("A map tile could not be kept: %s", error)


def _fetch(z: int, x: int, y: int) -> bytes:
    """The picture from the provider; empty when there is none. An outage pauses all fetching."""
    if cache.get(PAUSE_KEY):
        return b""
    try:
        content = _download(settings.TILE_URL.format(z=z, x=x, y=y))
    except HTTPError as error:
        if error.code not in (400, 404, 410):  # not about this tile alone
            _pause(error)
        return b""
    except (OSError, HTTPException, ValueError) as error:
        _pause(error)
        return b""
    if not content.startswith((PNG, JPEG)) or len(content) > LARGEST:
        _pause("the answer is no picture")
        return b""
    return content


def _download(url: str) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise ValueError("TILE_URL must be a web address")
    agent = f"Zentrum/1.0 (+{settings.BASE_URL})"
    request = Request(url, headers={"User-Agent": agent, "Accept": "image/png, image/jpeg"})  # noqa: S310 - looked at above
    with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - looked at above
        return answer.read(LARGEST + 1)


def _pause(reason: object) -> None:
    logger.warning("Map tiles pause for %s s: %s", PAUSE, reason)
    cache.set(PAUSE_KEY, True, PAUSE)


def grey_png(side: int = 256, shade: int = 0xE9) -> bytes:
    """A plain grey square as PNG (ISO/IEC 15948: 8 bit greyscale, no filter)."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = (b"\0" + bytes([shade]) * side) * side
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return PNG + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


GREY = Tile(grey_png(), is_stand_in=True)
