"""Photos for tests: made here, with the metadata that a phone puts in, and put on file."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.cast import NOW, OTHER_VILLAGE, TODAY, WILLOW
from xiangyue.captures.ids import new_id
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.captures.photos import file_of

if TYPE_CHECKING:
    from tests.cast import Cast

GPS, CAMERA = 0x8825, 0x0110


def jpeg(width: int = 800, height: int = 600, *, tone: int = 0) -> bytes:
    """A photo with a place, a time and a camera in its EXIF; other tones are other pictures."""
    across, round_ = Image.linear_gradient("L").rotate(tone), Image.radial_gradient("L")
    picture = Image.merge("RGB", (across, round_, across.rotate(90))).resize((width, height))
    exif = Image.Exif()
    exif[CAMERA] = "示例相机"
    exif[GPS] = {1: "N", 2: (41.0, 48.0, 0.0), 3: "E", 4: (126.0, 55.0, 0.0)}
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def announced(of: Any, data: bytes, parts: int, n: int = 1) -> dict[str, Any]:
    """The envelope that announces a photo."""
    sha = hashlib.sha256(data).hexdigest()
    body = {"of": str(of), "n": n, "sha256": sha, "bytes": len(data), "parts": parts}
    return {"id": str(new_id()), "kind": "photo", "version": 1, "made_at": NOW.isoformat(), "body": body}


def photo_on_file(cast: Cast, is_own: bool) -> str:
    """The id of a capture by 示例县's bearer (or one on other ground), with a photo that is whole."""
    place = cast.places[WILLOW if is_own else OTHER_VILLAGE]
    values = {"digest": "0" * 64, "place": place, "channel": "phone", "made_at": NOW, "received_at": NOW, "body": {}}
    user = cast.users["bearer"] if is_own else None
    person = cast.people["P06" if is_own else "P24"]
    shown = Capture.objects.create(uuid=new_id(), kind="round", user=user, person=person, **values)
    own = Capture.objects.create(uuid=new_id(), kind="photo", user=user, person=person, **values)
    row = Photo.objects.create(
        capture=own, of=shown.uuid, n=1, sha256="0" * 64, size=9, parts=1, state="whole", dhash="0" * 16, erase_on=TODAY
    )
    file = file_of(row)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"photo")
    return str(shown.uuid)
