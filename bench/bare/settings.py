"""Settings of the bare view: the same database options as ours, nothing else."""

from __future__ import annotations

from xiangyue.site.settings import DATABASES as OURS

DATABASES = OURS
SECRET_KEY = "bare"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["bench.bare"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.bare.views"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
