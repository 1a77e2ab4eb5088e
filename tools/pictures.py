"""Pictures of pages as their users see them: `python tools/pictures.py [NAME …]` builds the demos they need and opens them.

Each picture is a county, who looks, a screen, where they begin and what they click; it lands in `build/pictures/`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "build" / "pictures"
PHONE, DESK, WALL = (360, 740), (1440, 900), (1920, 1080)
WAIT_SECONDS = 120
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as somebody sees it: `who` is the name of a demo account, `clicks` are selectors, one page each."""

    name: str
    county: str
    who: str
    start: str
    clicks: tuple[str, ...] = ()
    size: tuple[int, int] = DESK


LEDGER = "main table a[href*='/ledger/']"
OFFICE = {
    "qingfeng": "县委组织部（创建办）", "tumen": "市委组织部（考评办）", "qinglang": "乡党政办（整治办）",
    "linjiang": "县级办公室", "lvyuan": "区委组织部（整治办）",
}  # fmt: skip
PICTURES = (
    Picture("village-ledger", "qingfeng", OFFICE["qingfeng"], "/standings/ledger/", (LEDGER, LEDGER)),
    Picture("village-ledger-phone", "qingfeng", "村支书", "/standings/ledger/", size=PHONE),
    Picture("review", "tumen", OFFICE["tumen"], "/standings/reviews/", ("main a[href*='/reviews/']",)),
    Picture(
        "review-plan", "tumen", OFFICE["tumen"], "/standings/reviews/",
        ("main a[href*='/reviews/']", "main a[href$='/plan/']"),
    ),
    Picture("notice-timeline", "tumen", OFFICE["tumen"], "/standings/notices/", ("main tr:has-text('第2版') a",)),
    Picture("incentive-simulation", "linjiang", OFFICE["linjiang"], "/rewards/plans/", ("main a[href*='simulate']",)),
    Picture("scheme", "linjiang", OFFICE["linjiang"], "/schemes/1/"),
    Picture("team", "qinglang", OFFICE["qinglang"], "/teams/", ("main a[href^='/teams/1/']",)),
    Picture("recorder", "linjiang", "包户党员", "/field/", size=PHONE),
    Picture("screen", "linjiang", OFFICE["linjiang"], "/screen/220681/", size=WALL),
)  # fmt: skip


def main(names: list[str]) -> int:
    """Take the pictures named, or all; 2 when a name is not known."""
    from playwright.sync_api import sync_playwright

    unknown = sorted(set(names) - {one.name for one in PICTURES})
    if unknown:
        print(f"not known: {', '.join(unknown)}; there are {', '.join(one.name for one in PICTURES)}", file=sys.stderr)
        return 2
    wanted = sorted((one for one in PICTURES if not names or one.name in names), key=lambda one: one.county)
    PLACE.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        # the machine's own Chromium, as the walks take it
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        for county, held in groupby(wanted, key=lambda one: one.county):
            with served(county) as (address, told):
                for one in held:
                    page = looked_at(browser, address, told, one)
                    target = PLACE / f"{one.name}.png"
                    page.screenshot(path=target, full_page=one.size == DESK)
                    print(target.relative_to(ROOT))
                    page.context.close()
        browser.close()
    return 0


@contextlib.contextmanager
def served(county: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The address of the demo county while it is served, and what its demo file tells of accounts."""
    folder = PLACE / "data" / county
    command = Path(sys.executable).with_name("xiangyue")
    env = {**os.environ, "XIANGYUE_DATA": str(folder)}
    subprocess.run([command, "demo", county], env=env, check=True, stdout=subprocess.DEVNULL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen([command, "serve", "--port", str(port)], env=env, stdout=log, stderr=log)
    try:
        _answers(f"{address}/login/")
        yield address, json.loads((folder / "demo").read_text())
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> None:
    ends = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            urllib.request.urlopen(address, timeout=10).close()
            return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.5)


def looked_at(browser: Browser, address: str, told: dict[str, Any], picture: Picture) -> Page:
    """The page, opened by its account and clicked through to."""
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", base_url=address)
    page = context.new_page()
    account = next(row for row in told["accounts"] if row["role"] == picture.who)
    page.goto("/login/")
    page.fill("input[name=phone]", account["phone"])
    page.fill("input[name=password]", told["password"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(picture.start)
    for selector in picture.clicks:
        with page.expect_navigation():
            page.locator(selector).first.click()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    return page


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
