"""What a photo must be: decoded to know that it is one, turned upright, stripped of all metadata, shrunk, told apart."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from xiangyue.base.problems import Problem, problem_kind

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 60_000_000
MOST_SIDE = 1600
KEPT_BYTES = 200 * 1024
QUALITIES = (82, 72, 62, 50, 40)
NO_PHOTO = problem_kind("photo_unreadable", _("收到的不是照片，或照片坏了。"), _("请重新拍一张再发。"))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A photo as it is kept: JPEG bytes with no metadata, its size in pixels, and its difference hash."""

    data: bytes
    width: int
    height: int
    dhash: str


def clean(data: bytes) -> Cleaned:
    """The photo upright, at most 200 KB and 1600 pixels a side, its place, time and camera gone; a Problem if it is none.

    Only the pixels are taken over: what else the file held (EXIF, thumbnails, comments, colour profile) stays behind.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS or min(opened.size) < 8:
                    raise Problem(NO_PHOTO)
                opened.draft("RGB", (MOST_SIDE * 2, MOST_SIDE * 2))
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except Problem:
        raise
    except Exception:  # whatever a hostile file makes the decoder raise, it is no photo
        raise Problem(NO_PHOTO) from None
    picture.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    plain = Image.new("RGB", picture.size)
    plain.paste(picture)
    kept, shown = _as_small_jpeg(plain)
    return Cleaned(kept, *shown.size, dhash(plain))


def dhash(picture: Image.Image) -> str:
    """Whether each of 8 × 8 cells is darker than its right neighbour, as 16 hexadecimal digits."""
    small = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (small[at] < small[at + 1])
    return f"{bits:016x}"


def _as_small_jpeg(picture: Image.Image) -> tuple[bytes, Image.Image]:
    while True:
        for quality in QUALITIES:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= KEPT_BYTES:
                return out.getvalue(), picture
        picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.Resampling.LANCZOS)
