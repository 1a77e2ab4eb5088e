"""Every page that a county's page names is there in its demo, and a clerk finds it from the office's home by links."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.house.source import ROOT

NAMED = re.compile(r"`(/[^` …]*)`")
COUNTIES = ("linjiang", "lvyuan", "qingfeng", "qinglang", "tumen")
PAGES = 60
"""So many pages of different form are read at most: home, and what leads on to the pages that are wanted."""
WALK = """
import itertools
import re
told = json.load(open(f"{data}/demo"))
client = Client()
client.force_login(User.objects.get(phone=told["accounts"][0]["phone"]))
form = lambda path: re.sub(r"[0-9]+", "0", path.split("?")[0])
seen, done, waiting, codes = set(), set(), ["/office/"], {}

def nearness(link):
    "How much of the beginning of a page that is still wanted a link has; the public's home leads to the public's pages."
    parts = [part for part in link.split("?")[0].split("/") if part]
    left = [[part for part in path.split("/") if part] for path in wanted - seen]
    shared = [sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(parts, path))) for path in left]
    return max(shared, default=0) + (link == "/" or link.startswith("/c/"))

while waiting and len(done) < most and not wanted <= seen:
    path = waiting.pop(0)
    if form(path) in done or path.startswith(("/static", "/logout")):
        continue
    done.add(form(path))
    answer = client.get(path, follow=True)
    codes[path] = answer.status_code
    if answer.status_code != 200 or "html" not in answer.headers["Content-Type"] or answer.streaming:
        continue
    links = re.findall(r'href="(/[^"#]*)', answer.content.decode())
    seen |= {link.split("?")[0] for link in links}
    waiting = sorted({*waiting, *links}, key=lambda link: (-nearness(link), len(link), link))
codes |= {path: client.get(path, follow=True).status_code for path in every if path not in codes}
tell([{path: codes[path] for path in every}, sorted(wanted - seen)])
"""


@pytest.mark.demo
@pytest.mark.parametrize("county", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in COUNTIES])
def test_the_pages_named_are_there_and_linked(county: str, demos: Any) -> None:
    named = sorted(set(NAMED.findall((ROOT / "docs" / "counties" / f"{county}.md").read_text(encoding="utf-8"))))
    office = {path.split("?")[0] for path in named if not path.startswith(("/field/", "/rewards/appraisals/mine/"))}
    assert len(named) > 5
    built = demos(county)
    given = f"every, wanted, most, data = {named!r}, {office!r}, {PAGES}, {str(built.data)!r}\n"
    answers, unlinked = built.ask(given + WALK)
    assert {path: code for path, code in answers.items() if code != 200} == {}
    assert unlinked == [], unlinked
