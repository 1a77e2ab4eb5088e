"""A load generator that is not the bottleneck: keep-alive sockets, one event loop, requests made beforehand."""

from __future__ import annotations

import selectors
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Took:
    """What a run came to."""

    done: int
    failed: int
    seconds: float
    p50_ms: float
    p95_ms: float
    sample: bytes = b""
    """The first answer that was not 200."""

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return self.done / self.seconds


def request(path: str, body: bytes, key: str = "") -> bytes:
    """A keep-alive POST as bytes."""
    bearer = f"Authorization: Bearer {key}\r\n" if key else ""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{bearer}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def fire(port: int, requests: Iterator[bytes], seconds: float, clients: int = CLIENTS) -> Took:
    """Send from `clients` connections at once for so long; each sends its next when it has its answer."""
    chosen = selectors.DefaultSelector()
    begun: dict[socket.socket, float] = {}
    held: dict[socket.socket, bytes] = {}
    for _ in range(clients):
        one = socket.create_connection(("127.0.0.1", port))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        chosen.register(one, selectors.EVENT_READ)
        held[one] = b""
    times: list[float] = []
    failed, sample = 0, b""
    start = time.perf_counter()
    end = start + seconds
    for one in held:
        begun[one] = time.perf_counter()
        one.sendall(next(requests))
    while begun:
        for event, _mask in chosen.select(timeout=5):
            one = event.fileobj  # type: ignore[assignment]
            got = one.recv(65_536)
            if not got:
                raise SystemExit(f"the server hung up, having said {held[one]!r}")
            data = held[one] + got
            if not _whole(data):
                held[one] = data
                continue
            held[one] = b""
            now = time.perf_counter()
            if data.startswith(b"HTTP/1.1 200"):
                times.append(now - begun[one])
            else:
                failed += 1
                sample = sample or data
            del begun[one]
            payload = next(requests, None) if now < end else None
            if payload is not None:
                begun[one] = now
                one.sendall(payload)
    took = time.perf_counter() - start
    for one in held:
        one.close()
    cuts = statistics.quantiles(times, n=20) if len(times) > 1 else [0.0] * 19
    return Took(len(times), failed, took, cuts[9] * 1000, cuts[18] * 1000, sample)


def _whole(data: bytes) -> bool:
    head, mark, body = data.partition(b"\r\n\r\n")
    if not mark:
        return False
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return len(body) >= int(line[15:])
    return body.endswith(b"0\r\n\r\n")
