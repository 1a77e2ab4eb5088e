"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from xiangyue.people.views import log_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", log_in.login, name="login"),
    path("logout/", log_in.logout, name="logout"),
    path("login/first/", log_in.first_login, name="first_login"),
    path("login/password/", log_in.set_password, name="set_password"),
]
