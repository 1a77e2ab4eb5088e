"""Recorders for the soak: an outbox each, sent over a bad line, emptied only by an answer that was read."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from PIL import Image

from bench.recording import Bearer
from xiangyue.captures.ids import new_id
from xiangyue.rules.days import LOCAL

LOST, TWICE, LATE, PHOTO = 3, 6, 6, 20
"""Every so many: answers lost, requests sent twice at once, sent again much later, recorders with a photo."""
SETTLED = ("stored", "late", "held", "already")
MOST_AT_ONCE = 200
LONGEST_PAUSE = 15.0
"""Seconds between two tries while nobody answers: a phone does not hammer."""
PART = 64 * 1024
WAIT = 30.0


@dataclass(slots=True)
class Seen:
    """What the recorders met with, all together."""

    told: set[str] = field(default_factory=set)
    """Ids that an answer called stored (late, held, already)."""
    new: Counter[str] = field(default_factory=Counter)
    """Id → how often it was answered as new: more than once would be twice on file."""
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    photos_whole: int = 0


@dataclass(slots=True)
class Recorder:
    """A phone that was without signal: what it holds, and the photo that still has to go up."""

    bearer: Bearer
    outbox: dict[str, dict[str, Any]]
    photo: bytes = b""

    @property
    def is_empty(self) -> bool:
        """Whether everything was answered for."""
        return not self.outbox and not self.photo


def recorders_of(bearers: list[Bearer], days: int) -> list[Recorder]:
    """The bearers' phones with the work of so many days without signal in them, a round a day; some with a photo."""
    noon = datetime.now(LOCAL).replace(hour=12, minute=0, second=0, microsecond=0)
    picture = _picture()
    found = []
    for number, bearer in enumerate(bearers):
        made = _work_of(bearer, noon, days)
        photo = picture if number % PHOTO == 0 else b""
        if photo:
            parts = (len(photo) + PART - 1) // PART
            sha = hashlib.sha256(photo).hexdigest()
            body = {"of": made[0]["id"], "n": 1, "sha256": sha, "bytes": len(photo), "parts": parts}
            made.append(_envelope("photo", body, noon - timedelta(days=1)))
        found.append(Recorder(bearer, {one["id"]: one for one in made}, photo))
    return found


def _work_of(bearer: Bearer, noon: datetime, days: int) -> list[dict[str, Any]]:
    """A round a day, one household looked at again on the last day, a visit and a problem at the first door."""
    codes = bearer.households
    fault = {"subject": codes[-1], "entries": [{"item": "S01-1", "step": "rubbish", "n": 2}]}
    rounds = [
        _envelope("round", {"check": "daily", "fine": codes[:-1], "faults": [fault]}, noon - timedelta(days=back))
        for back in range(1, days + 1)
    ]
    again = {"check": "daily", "subject": codes[-1], "entries": []}
    visit = {"target": codes[0], "layer": "members", "tasks": [], "note": "看望", "with": [], "contributions": []}
    problem = {"place": codes[0], "kind": "sewage", "text": "门前有污水", "source": "field", "of": None}
    last = noon - timedelta(days=1)
    return [
        *rounds,
        _envelope("sheet", again, last + timedelta(hours=2)),
        _envelope("visit", visit, last + timedelta(minutes=5)),
        _envelope("problem", problem, last + timedelta(minutes=6)),
    ]


def _envelope(kind: str, body: dict[str, Any], made_at: datetime) -> dict[str, Any]:
    made = made_at.astimezone(UTC).isoformat()
    return {"id": str(new_id()), "kind": kind, "version": 1, "made_at": made, "body": body}


def _picture() -> bytes:
    """A photo of two parts: noise, which no JPEG makes small."""
    out = io.BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(out, "JPEG", quality=70)
    return out.getvalue()


@dataclass(slots=True)
class Line:
    """The bad line between the recorders and the server."""

    port: int
    dice: random.Random
    seen: Seen = field(default_factory=Seen)
    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))

    async def empty(self, recorder: Recorder, begins_in: float, until: float) -> None:
        """Send what the recorder holds, out of order and in handfuls, until all is answered for or the time is over."""
        await asyncio.sleep(begins_in)
        late: list[asyncio.Task[None]] = []
        pause = 0.2
        while recorder.outbox and time.monotonic() < until:
            held = list(recorder.outbox.values())
            sent = self.dice.sample(held, max(self.dice.randint(1, len(held)), self.dice.randint(1, len(held))))
            payload = _post(recorder.bearer.key, sent)
            if not late and self.dice.randrange(LATE) == 0:
                late.append(asyncio.create_task(self._again(recorder, payload)))
            copies = 2 if pause < LONGEST_PAUSE and self.dice.randrange(TWICE) == 0 else 1
            self.seen.counts["sent twice at once"] += copies - 1
            good = await asyncio.gather(*(self._send(recorder, payload) for _ in range(copies)))
            pause = 0.2 if any(good) else min(pause * 3, LONGEST_PAUSE)
            await asyncio.sleep(self.dice.uniform(0.5, 1.5) * pause)
        while recorder.photo and time.monotonic() < until:
            if not await self._send_photo(recorder):
                await asyncio.sleep(self.dice.uniform(0.3, 2.0))
        await asyncio.gather(*late)

    async def _again(self, recorder: Recorder, payload: bytes) -> None:
        """A request that hung somewhere comes in again, after the answer to its copy."""
        await asyncio.sleep(self.dice.uniform(2, 20))
        self.seen.counts["came in again late"] += 1
        await self._send(recorder, payload)

    async def _send(self, recorder: Recorder, payload: bytes) -> bool:
        """Send envelopes; whether an answer was read."""
        answer = await self._exchange(payload)
        if answer is None:
            return False
        status, told = answer
        if status != 200:
            self.seen.counts[f"answered {status}"] += 1
            if status not in (429, 503):
                self.seen.wrong.append(f"{status}: {json.dumps(told, ensure_ascii=False)[:300]}")
            return False
        for one in told["answers"]:
            if one["state"] not in SETTLED:
                self.seen.wrong.append(json.dumps(one, ensure_ascii=False)[:300])
                continue
            self.seen.told.add(one["id"])
            recorder.outbox.pop(one["id"], None)
            if one["state"] != "already":
                self.seen.new[one["id"]] += 1
        return True

    async def _send_photo(self, recorder: Recorder) -> bool:
        """Send what is missing of a photo, a part at random; whether an answer was read."""
        sha, key = hashlib.sha256(recorder.photo).hexdigest(), recorder.bearer.key
        asked = await self._exchange(_request("GET", f"/field/photos/{sha}", key, b""))
        if asked is None:
            return False
        if asked[1].get("state") == "whole":
            recorder.photo = b""
            self.seen.photos_whole += 1
            return True
        have = asked[1].get("have", [])
        missing = [part for part in range((len(recorder.photo) + PART - 1) // PART) if part not in have]
        if not missing:
            self.seen.wrong.append(f"all parts are there, and the photo is not whole: {asked}")
            return False
        part = self.dice.choice(missing)
        data = recorder.photo[part * PART : (part + 1) * PART]
        return await self._exchange(_request("PUT", f"/field/photos/{sha}/{part}", key, data)) is not None

    async def _exchange(self, payload: bytes) -> tuple[int, dict[str, Any]] | None:
        """Status and answer; None when the line broke: every third time on purpose, before the answer is read."""
        async with self.room:
            self.seen.counts["requests"] += 1
            begun = time.monotonic()
            try:
                answer = await asyncio.wait_for(self._talk(payload), WAIT)
            except (OSError, TimeoutError, EOFError):
                self.seen.counts["no answer"] += 1
                return None
            if answer is not None:
                self.seen.took.append(time.monotonic() - begun)
            return answer

    async def _talk(self, payload: bytes) -> tuple[int, dict[str, Any]] | None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(payload)
            await writer.drain()
            if self.dice.randrange(LOST) == 0:
                self.seen.counts["answers lost"] += 1
                await asyncio.sleep(self.dice.uniform(0, 0.2))
                writer.transport.abort()
                return None
            head, mark, body = (await reader.read(-1)).partition(b"\r\n\r\n")
            size = next(
                (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), -1
            )
            if not mark or len(body) != size:
                raise EOFError
            return int(head.split(b" ", 2)[1]), json.loads(body)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


def _post(key: str, envelopes: list[dict[str, Any]]) -> bytes:
    body = {"sent_at": datetime.now(UTC).isoformat(), "envelopes": envelopes}
    return _request("POST", "/field/captures", key, json.dumps(body).encode())


def _request(method: str, path: str, key: str, body: bytes) -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer {key}\r\n"
    kind = "application/json" if method == "POST" else "application/octet-stream"
    return f"{head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
