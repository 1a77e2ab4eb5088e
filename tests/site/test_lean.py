"""The start of a command without pages: what it leaves unread, and that whoever asks still gets it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

START = "from xiangyue.site.cli import start_django\nstart_django(lean=True)\nimport sys\n"


def told(words: str, folder: Path) -> str:
    """What a fresh interpreter says that started without pages."""
    env = dict(os.environ, XIANGYUE_DATA=str(folder))
    # the walks let Django work beside the browser's event loop
    for name in ("DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"):
        env.pop(name, None)
    done = subprocess.run([sys.executable, "-c", START + words], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_close_reads_no_forms_templates_or_event_loop(tmp_path: Path) -> None:
    """Half of the start was theirs."""
    words = (
        "import xiangyue.standings.actions.closing\n"
        "names = ('asyncio.base_events', 'django.forms.fields', 'django.template.base', 'django.core.mail', 'ssl')\n"
        "print([name for name in names if name in sys.modules])"
    )
    assert told(words, tmp_path) == "[]"


def test_what_was_left_is_read_when_asked_for(tmp_path: Path) -> None:
    """By attribute, by name, and by the module's own parts."""
    words = (
        "from django import forms\n"
        "from django.forms.fields import CharField\n"
        "from django.views.decorators.debug import sensitive_post_parameters\n"
        "print(forms.CharField is CharField, forms.CharField().clean(' a '), callable(sensitive_post_parameters))"
    )
    assert told(words, tmp_path) == "True a True"


def test_an_event_loop_still_runs_and_django_sees_it(tmp_path: Path) -> None:
    """The question for a running loop goes to the real one, once there is one."""
    words = (
        "import asyncio\n"
        "from asgiref.sync import sync_to_async\n"
        "from django.core.exceptions import SynchronousOnlyOperation\n"
        "from xiangyue.places.models import Place\n"
        "async def ask():\n"
        "    print(await sync_to_async(lambda: 'beside')())\n"
        "    try:\n"
        "        Place.objects.count()\n"
        "    except SynchronousOnlyOperation:\n"
        "        print('refused')\n"
        "asyncio.run(ask())"
    )
    assert told(words, tmp_path).split() == ["beside", "refused"]


def test_the_figures_of_the_statistics_functions_stay_right(tmp_path: Path) -> None:
    """SQLite's STDDEV comes from a module that is read late."""
    words = (
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('SELECT STDDEV_POP(column1), VAR_SAMP(column1) FROM (VALUES (1), (3))')\n"
        "    print(cursor.fetchone())"
    )
    assert told(words, tmp_path) == "(1.0, 2)"


def test_a_close_reads_no_tables_that_it_never_comes_to(tmp_path: Path) -> None:
    """A model class costs a start some milliseconds; asked for, they are there."""
    words = (
        "import xiangyue.standings.actions.closing\n"
        "from django.apps import apps\n"
        "further = [f'{room.name}.{name}' for room in apps.get_app_configs() for name in getattr(room, 'further', ())]\n"
        "print(len(further) > 5, [name for name in further if name in sys.modules])\n"
        "from xiangyue.standings.ratings.models import StarRating\n"
        "print(StarRating._meta.label)"
    )
    assert told(words, tmp_path).splitlines() == ["True []", "standings.StarRating"]
