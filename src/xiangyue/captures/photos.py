"""Photos on their way: announced by an envelope, sent in parts that resume, looked at, kept in a file, erased at term."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiangyue.base.problems import Problem, problem_kind
from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id, read_id
from xiangyue.captures.intake import Actor, Answer, submit
from xiangyue.captures.models import Capture
from xiangyue.captures.photo_models import Photo
from xiangyue.captures.pictures import NO_PHOTO, clean
from xiangyue.rules.days import local_day

TERM_DAYS = 365
MOST_BYTES = 8 * 1024 * 1024
PART_BYTES = 64 * 1024
MOST_PHOTOS = 9
ERASED = {"state": Photo.State.ERASED, "dhash": ""}
"""What the row of a photo says once the picture is gone."""
SHA256 = re.compile(r"[0-9a-f]{64}")
BODY = problem_kind("photo_body", gettext_lazy("照片的说明不对：{what}。"), gettext_lazy("请更新页面后重新拍照。"))
NOT_ANNOUNCED = problem_kind(
    "photo_unknown", gettext_lazy("没有等着接收的这张照片。"), gettext_lazy("请先发送照片所属的记录。"), 404
)
BAD_PART = problem_kind(
    "photo_part", gettext_lazy("照片的这一段不对：{what}。"), gettext_lazy("页面会自动重发；一直不行时请重新拍一张。")
)
BROKEN = problem_kind("photo_broken", gettext_lazy("照片在路上传坏了。"), gettext_lazy("页面会自动从头重发。"), 409)


@dataclass(frozen=True, slots=True)
class Announced:
    """What a photo's envelope says: which envelope it belongs to, and what will come."""

    of: UUID
    n: int
    sha256: str
    size: int
    parts: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a photo is: its state, and the parts that are here."""

    state: str
    have: tuple[int, ...] = ()


def read_photo(body: dict[str, Any]) -> Announced:
    """The body of a photo's envelope; a Problem says what is wrong with it."""
    of, sha = read_id(body.get("of", "")), body.get("sha256")
    if of is None:
        raise Problem(BODY, what=_("没有说明属于哪一条记录"))
    if not isinstance(sha, str) or not SHA256.fullmatch(sha):
        raise Problem(BODY, what=_("缺少校验码"))
    n, size, parts = body.get("n", 1), body.get("bytes"), body.get("parts")
    if type(n) is not int or type(size) is not int or type(parts) is not int:
        raise Problem(BODY, what=_("张数、大小和段数应是整数"))
    if not 1 <= n <= MOST_PHOTOS:
        raise Problem(BODY, what=_("一条记录最多 %d 张照片") % MOST_PHOTOS)
    if not 1 <= size <= MOST_BYTES:
        raise Problem(BODY, what=_("一张照片最大 %d MB") % (MOST_BYTES >> 20))
    if not (size + PART_BYTES - 1) // PART_BYTES <= parts <= min(size, 1024):
        raise Problem(BODY, what=_("分段数与大小对不上"))
    return Announced(of, n, sha, size, parts)


def erase_day(now: datetime) -> date:
    """The day on which a photo that comes now is erased."""
    return local_day(now) + timedelta(days=TERM_DAYS)


def progress(user_id: int, sha256: str) -> Progress:
    """How far the user's photo of that digest is; a Problem when none was announced."""
    rows = Photo.objects.filter(capture__user_id=user_id, sha256=sha256)
    states = set(rows.values_list("state", flat=True))
    if Photo.State.WAITING in states:
        have = _parts_here(user_id, sha256)
        # all here and not looked at: the server was stopped in between, and the last part sent again lets it go on
        stopped = rows.filter(state=Photo.State.WAITING, parts__lte=len(have)).exists()
        return Progress(Photo.State.WAITING, have[:-1] if stopped else have)
    if not states:
        raise Problem(NOT_ANNOUNCED)
    return Progress(Photo.State.WHOLE if Photo.State.WHOLE in states else sorted(states)[0])


def take_part(user_id: int, sha256: str, part: int, data: bytes, *, now: datetime) -> Progress:
    """Keep one part (0 …) of a photo that the user announced; with the last one the photo is looked at and kept.

    Sending a part again changes nothing; what is whole already stays as it is.
    """
    rows = Photo.objects.filter(capture__user_id=user_id, sha256=sha256, state=Photo.State.WAITING)
    photo = rows.select_related("capture").first()
    if photo is None:
        return progress(user_id, sha256)
    if not 0 <= part < photo.parts or not 1 <= len(data) <= PART_BYTES:
        raise Problem(BAD_PART, what=_("第 %(part)d 段，%(size)d 字节") % {"part": part, "size": len(data)})
    folder = _parts_folder(user_id, sha256)
    _put(folder / str(part), data)
    have = _parts_here(user_id, sha256)
    if len(have) < photo.parts:
        return Progress(Photo.State.WAITING, have)
    try:
        whole = b"".join((folder / str(number)).read_bytes() for number in range(photo.parts))
    except FileNotFoundError:
        # another thread was quicker and has it whole
        return progress(user_id, sha256)
    if len(whole) != photo.size or hashlib.sha256(whole).hexdigest() != sha256:
        shutil.rmtree(folder, ignore_errors=True)
        raise Problem(BROKEN)
    return _look_at(list(rows), whole, folder, now)


def keep_upload(of: UUID, n: int, data: bytes, actor: Actor, *, now: datetime | None = None) -> Answer:
    """The answer to a photo that came whole with a form: announced, sent and looked at in one go."""
    moment = now or timezone.now()
    if not 1 <= len(data) <= MOST_BYTES:
        raise Problem(BODY, what=_("一张照片最大 %d MB") % (MOST_BYTES >> 20))
    sha, parts = hashlib.sha256(data).hexdigest(), (len(data) + PART_BYTES - 1) // PART_BYTES
    body = {"of": str(of), "n": n, "sha256": sha, "bytes": len(data), "parts": parts}
    answer = submit(seal("photo", body, id=new_id()), actor, now=now)
    if answer.kept:
        for part in range(parts):
            piece = data[part * PART_BYTES : (part + 1) * PART_BYTES]
            told = take_part(actor.user_id, sha, part, piece, now=moment)
        if told.state == Photo.State.REFUSED:
            raise Problem(NO_PHOTO)
    return answer


def photos_of(captures: Collection[UUID]) -> QuerySet[Photo]:
    """The photos of these envelopes that can be shown, from whoever sent the envelope itself, in their order."""
    senders = dict(
        Capture.objects.filter(uuid__in=captures).exclude(state=Capture.State.WITHDRAWN).values_list("uuid", "user_id")
    )
    rows = Photo.objects.filter(of__in=list(senders), state=Photo.State.WHOLE).values_list(
        "pk", "of", "capture__user_id"
    )
    mine = [pk for pk, of, user_id in rows if senders[of] == user_id]
    return Photo.objects.filter(pk__in=mine).select_related("capture").order_by("of", "n", "pk")


def file_of(photo: Photo) -> Path:
    """Where the photo is kept once it is whole."""
    name = photo.capture.uuid.hex
    return Path(settings.MEDIA_ROOT) / "photos" / name[-2:] / f"{name}.jpg"


def erase(keys: Collection[int]) -> None:
    """The pictures of the photos with these keys go; that there was one stays."""
    drop_files(keys)
    Photo.objects.filter(pk__in=keys).update(**ERASED)


def drop_files(keys: Collection[int]) -> None:
    """The files of the photos with these keys go, and what came of those still on their way.

    Before the rows say so: killed in between, the row is still there to be asked again.
    """
    for photo in Photo.objects.filter(pk__in=keys).select_related("capture"):
        file_of(photo).unlink(missing_ok=True)
        if photo.state == Photo.State.WAITING and photo.capture.user_id:
            shutil.rmtree(_parts_folder(photo.capture.user_id, photo.sha256), ignore_errors=True)


def drop_of(captures: Collection[int]) -> None:
    """Erase what was photographed for these captures (ids), which were taken back; once that is on file."""
    rows = Photo.objects.filter(of__in=Capture.objects.filter(pk__in=captures).values("uuid"))
    gone = list(rows.exclude(state=Photo.State.ERASED).values_list("pk", flat=True))
    if gone:
        transaction.on_commit(lambda: erase(gone))


def _look_at(rows: list[Photo], whole: bytes, folder: Path, now: datetime) -> Progress:
    """The photo, whole for the first time: cleaned and kept, or refused."""
    keys = [photo.pk for photo in rows]
    waiting = Photo.objects.filter(pk__in=keys, state=Photo.State.WAITING)
    try:
        kept = clean(whole)
    except Problem:
        waiting.update(state=Photo.State.REFUSED)
        shutil.rmtree(folder, ignore_errors=True)
        return Progress(Photo.State.REFUSED)
    for photo in rows:
        _put(file_of(photo), kept.data)
    waiting.update(
        state=Photo.State.WHOLE,
        kept_size=len(kept.data),
        width=kept.width,
        height=kept.height,
        dhash=kept.dhash,
        whole_at=now,
    )
    shutil.rmtree(folder, ignore_errors=True)
    return Progress(Photo.State.WHOLE)


def _parts_folder(user_id: int, sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "photo_parts" / str(user_id) / sha256


def _parts_here(user_id: int, sha256: str) -> tuple[int, ...]:
    folder = _parts_folder(user_id, sha256)
    return tuple(sorted(int(file.name) for file in folder.glob("*") if file.name.isdecimal()))


def _put(file: Path, data: bytes) -> None:
    """The bytes on the disk, whole or not at all, before anyone is told so."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.{os.getpid()}.{os.urandom(4).hex()}.half")
    with half.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
