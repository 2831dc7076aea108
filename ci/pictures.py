"""The pictures of index.html in the README: a small PNG for a wide screen, and one for a narrow screen in the dark."""

from __future__ import annotations

import array
import base64
import hashlib
import re
import struct
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.async_api import FloatRect, Page, async_playwright

from oauth_window_harness.drivers.playwright.launch import launch

#: How many colours a picture has at most, and the bits of a pixel that are its colour.
_COLORS, _BITS = 256, 0xFFFFFF

#: The chunk of a PNG that holds what its page says, as a hash: by it a picture is known that has grown old.
_WORDS = b"tEXt", b"Comment\0"

#: What a page says up to the end of its first cause, without the drawing, in which steps at once may change places.
_TEXT = """() => {
  const main = document.querySelector("main").cloneNode(true);
  while (main.querySelector(".cause").nextSibling) main.querySelector(".cause").nextSibling.remove();
  for (const one of main.querySelectorAll(".drawing")) one.remove();
  return main.textContent;
}"""

#: A duration, which is another in every run.
DURATION = r"\d+ ms|\d+\.\d s|\d+ min \d+ s"

#: The pixels of a PNG, as a browser reads them.
_PIXELS = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  let text = "";
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return [bitmap.width, btoa(text)];
}"""


class View(NamedTuple):
    """A screen: its width, the height of what is shown of the page (0: to the end of the first cause), its colours."""

    width: int
    height: int
    colors: Literal["light", "dark"]


async def pictures(report: Path, views: Mapping[Path, View]) -> dict[Path, bytes]:
    """Return the picture of a report on each of these screens."""
    drawn: dict[Path, bytes] = {}
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        for file, view in views.items():
            page = await browser.new_page(viewport={"width": view.width, "height": 900}, color_scheme=view.colors)
            await page.goto(report.as_uri())
            words = _digest(await page.evaluate(_TEXT))
            cause = await page.locator(".cause").first.bounding_box()
            assert cause is not None
            height = view.height or cause["y"] + cause["height"] + 16
            clip = FloatRect(x=0, y=0, width=view.width, height=height)
            shown = await page.screenshot(full_page=True, clip=clip)
            drawn[file] = await _small(page, shown, words)
        await browser.close()
    return drawn


def is_old(file: Path, picture: bytes) -> bool:
    """Return whether a file has no such picture, or one of a page that said something else."""
    return not file.exists() or _words_of(file.read_bytes()) != _words_of(picture)


def _digest(text: str) -> bytes:
    plain = re.sub(rf"{DURATION}|\s+", " ", text)
    return hashlib.sha256(plain.encode()).hexdigest().encode()


def _words_of(png: bytes) -> bytes:
    return png.partition(b"".join(_WORDS))[2][:64]


async def _small(page: Page, png: bytes, words: bytes) -> bytes:
    """Return a picture with a palette, which is a third of the size."""
    width, encoded = await page.evaluate(_PIXELS, base64.b64encode(png).decode())
    pixels = [pixel & _BITS for pixel in array.array("I", base64.b64decode(encoded))]
    counts = Counter(pixels)
    palette = [color for color, _ in counts.most_common(_COLORS)]
    places = {color: _nearest(color, palette) for color in counts}
    indices = bytes(map(places.__getitem__, pixels))
    rows = b"".join(b"\0" + indices[at : at + width] for at in range(0, len(indices), width))
    chunks = {
        b"IHDR": struct.pack(">IIBBBBB", width, len(indices) // width, 8, 3, 0, 0, 0),
        b"PLTE": b"".join(bytes(_channels(color)) for color in palette),
        _WORDS[0]: _WORDS[1] + words,
        b"IDAT": zlib.compress(rows, 9),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks.items())


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _channels(color: int) -> tuple[int, int, int]:
    """Return red, green and blue."""
    return color & 0xFF, color >> 8 & 0xFF, color >> 16 & 0xFF


def _nearest(color: int, palette: Sequence[int]) -> int:
    own = _channels(color)
    distances = [sum((one - other) ** 2 for one, other in zip(own, _channels(each), strict=True)) for each in palette]
    return distances.index(min(distances))
