"""The command line `xiangyue`: every command in a module of `site.commands`, loaded when called."""

from __future__ import annotations

import importlib
import os

import click

COMMANDS = {
    "serve": "xiangyue.site.commands.serve",
    "demo": "xiangyue.site.commands.demo",
    "load": "xiangyue.site.commands.load",
    "close": "xiangyue.site.commands.close",
    "results": "xiangyue.site.commands.results",
    "verify": "xiangyue.site.commands.verify",
    "review": "xiangyue.site.commands.review",
    "draw": "xiangyue.site.commands.draw",
    "status": "xiangyue.site.commands.status",
    "scheme": "xiangyue.site.commands.scheme",
    "backup": "xiangyue.site.commands.backup",
    "restore": "xiangyue.site.commands.restore",
    "migrate": "xiangyue.site.commands.migrate",
    "user": "xiangyue.site.commands.user",
}


class Commands(click.Group):
    """Loads a command's module only when the command is asked for, so that starting stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="xiangyue")
def main() -> None:
    """乡约 Xiangyue: runs a county's rural clean-up and branch ratings.

    Everything an instance keeps lies in the folder XIANGYUE_DATA (default ./data), and in the database of
    DATABASE_URL where that is set.
    """


def start_django(*, lean: bool = False) -> None:
    """Bring up the settings and apps; commands that need the database call it first.

    `lean` leaves out what only pages need: half of the time it takes to start.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.site.settings")
    if not lean:
        import django

        django.setup()
        return
    from xiangyue.site.lean import leave_unread

    leave_unread()
    from django.apps import apps
    from django.db.models import Field

    # the typed fields' brackets, which the tasks' package brings along elsewhere with half of the admin
    Field.__class_getitem__ = classmethod(lambda cls, *_: cls)  # type: ignore[attr-defined]
    os.environ["XIANGYUE_LEAN"] = "1"
    try:
        from django.conf import settings

        apps.populate(settings.INSTALLED_APPS)
    finally:
        # for this process only, not for those it may start
        del os.environ["XIANGYUE_LEAN"]
