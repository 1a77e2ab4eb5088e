"""A start for commands that show no page: modules that Django names, and such a command never touches, stay unread.

Each stands as a module that reads itself when something is first asked of it, so nothing is lost where a later Django
does touch one; the start is only slower again.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any


class Unread(ModuleType):
    """A module that is read when something is first asked of it."""

    def __getattr__(self, name: str) -> Any:
        """What the module has, once read."""
        if name.startswith("__") and name != "__all__":
            # what the import itself looks for
            raise AttributeError(name)
        with _reading:
            if type(self) is Unread:
                loader = vars(self)["__loader__"]
                for known in KNOWN.get(self.__name__, ()):
                    vars(self).pop(known, None)
                # from here on a plain module, also for those who ask while it is read
                self.__class__ = ModuleType  # type: ignore[assignment]
                loader.read(self)
        return getattr(self, name)


class Unreading:
    """Puts a module in place without reading it."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module as it stands unread, with what is known of it."""
        module = Unread(spec.name)
        vars(module).update(KNOWN.get(spec.name, {}))
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing, for now."""

    def read(self, module: ModuleType) -> None:
        """The module's own code."""
        self._loader.exec_module(module)


class Leaving:
    """Finds the modules that are to stay unread, before the usual ways do."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's own place, with a loader that waits."""
        if fullname not in UNREAD:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = Unreading(spec.loader)  # type: ignore[assignment]
        return spec


def leave_unread() -> None:
    """From now on the modules that a command without pages does not need are read only when one is touched."""
    sys.meta_path.insert(0, Leaving())


def _when_called(name: str, function: str) -> Callable[..., Any]:
    """A function that reads its module when it is called."""

    def called(*given: Any, **named: Any) -> Any:
        module = sys.modules[name]
        if vars(module).get(function) is called:
            del vars(module)[function]
        return getattr(module, function)(*given, **named)

    return called


def _running_loop() -> Any:
    """What `asyncio.get_running_loop` says where there is no loop; Django asks before every statement."""
    events = sys.modules.get("asyncio.events")
    if events is None:
        raise RuntimeError("no running event loop")
    return events.get_running_loop()


def _as_it_is(*_: str) -> Callable[[Any], Any]:
    """What `sensitive_variables` does where no page ever tells of an error."""
    return lambda function: function


CHECKS = (
    "async_checks", "caches", "commands", "compatibility.django_4_0", "files", "mail", "security.base",
    "security.csrf", "security.sessions", "templates", "translation", "urls",
)  # fmt: skip
UNREAD = frozenset((
    *(f"django.core.checks.{name}" for name in CHECKS), "asgiref.sync", "asyncio", "django.forms",
    "django.http", "django.middleware.csrf", "django.views", "django.views.decorators.debug", "multiprocessing", "sqlparse", "statistics",
))  # fmt: skip
KNOWN: dict[str, dict[str, Any]] = {
    "asyncio": {"get_running_loop": _running_loop},
    "asgiref.sync": {
        # the very functions that it hands on
        "iscoroutinefunction": inspect.iscoroutinefunction,
        "markcoroutinefunction": inspect.markcoroutinefunction,
        "async_to_sync": _when_called("asgiref.sync", "async_to_sync"),
        "sync_to_async": _when_called("asgiref.sync", "sync_to_async"),
    },
    "django.middleware.csrf": {"rotate_token": _when_called("django.middleware.csrf", "rotate_token")},
    "django.views.decorators.debug": {"sensitive_variables": _as_it_is},
    "statistics": {name: _when_called("statistics", name) for name in ("pstdev", "stdev", "pvariance", "variance")},
}
"""What can be had of a module unread."""
_reading = RLock()
