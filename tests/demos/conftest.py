"""A county's demo built once by its command, in a data folder of its own, and asked in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TODAY = "2026-11-21"
LESS = {"linjiang": ("--days", "2")}
"""What a county is built with: the doors of the last days alone, where nothing that is asked about rests on the others."""
BEGIN = """
import json, sys
from xiangyue.site.cli import start_django
start_django()
from django.test import Client
from xiangyue.people.models import User
from xiangyue.places.models import Place

def page(path, code=""):
    "The words of a page, as the person of that code reads it; without one as the public does."
    client = Client()
    if code:
        client.force_login(User.objects.get(person__code=code))
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()

def tell(value):
    "Hands the value to the test."
    print("\\n=" + json.dumps(value, ensure_ascii=False, default=str))

"""


@dataclass(frozen=True, slots=True)
class Built:
    """A demo that stands in a data folder."""

    name: str
    data: Path

    @property
    def surroundings(self) -> dict[str, str]:
        """The environment of a process that works on it."""
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "XIANGYUE_LEAN")}
        return kept | {
            "XIANGYUE_DATA": str(self.data),
            "XIANGYUE_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "xiangyue.site.settings",
            "PYTHONPATH": f"{Path(__file__).parents[2] / 'src'}",
        }

    def command(self, *arguments: str) -> str:
        """What `xiangyue …` prints."""
        done = subprocess.run(
            [sys.executable, "-c", "from xiangyue.site.cli import main; main()", *arguments],
            env=self.surroundings, capture_output=True, text=True, check=False, timeout=900,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout

    def ask(self, code: str) -> Any:
        """What the code hands to `tell`; it has `page`, `tell`, `Place`, `User`."""
        done = subprocess.run(
            [sys.executable, "-c", BEGIN + textwrap.dedent(code)],
            env=self.surroundings, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return json.loads(done.stdout.rsplit("\n=", 1)[1])


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function from a county's name to its demo at the reported size, built when it is first asked for."""
    held: dict[str, Built] = {}

    def of(name: str) -> Built:
        if name not in held:
            held[name] = Built(name, tmp_path_factory.mktemp(name))
            held[name].command("demo", name, "--today", TODAY, *LESS.get(name, ()))
            held[name].ask("from xiangyue.site.commands.serve import collect_static\ncollect_static()\ntell(0)")
        return held[name]

    return of
