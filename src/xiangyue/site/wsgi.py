"""The WSGI entry of the server; in `xiangyue serve` each worker process also runs the background worker."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.site.settings")
pages = get_wsgi_application()

# needs the apps to be ready
from xiangyue.field import receiving  # noqa: E402


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Signed captures go straight to the intake, everything else to the pages."""
    if receiving.takes(environ):
        return receiving.respond(environ, start_response)
    return pages(environ, start_response)


if os.environ.get("XIANGYUE_WORKER") == "1":
    from xiangyue.base.daily import start_clock
    from xiangyue.base.worker import start_worker

    start_worker()
    start_clock()
