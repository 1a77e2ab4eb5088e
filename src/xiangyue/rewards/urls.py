"""Addresses of this room, each part in a module of its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from xiangyue.rewards import award_urls, contest_urls, honour_urls, incentive_urls, performance_urls

app_name = "rewards"
urlpatterns: list[URLPattern | URLResolver] = [
    *award_urls.urlpatterns,
    *performance_urls.urlpatterns,
    *incentive_urls.urlpatterns,
    *honour_urls.urlpatterns,
    *contest_urls.urlpatterns,
]
