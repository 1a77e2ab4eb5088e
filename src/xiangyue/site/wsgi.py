"""The WSGI entry of the server; in `xiangyue serve` each worker process also runs the background worker."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.site.settings")
application = get_wsgi_application()

if os.environ.get("XIANGYUE_WORKER") == "1":
    from xiangyue.base.worker import start_worker

    start_worker()
