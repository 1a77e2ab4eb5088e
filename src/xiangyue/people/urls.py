"""The addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from xiangyue.people.views import account, log_in, users

inside: list[URLPattern | URLResolver] = [
    path("me/", account.account, name="account"),
    path("me/password/", account.password, name="password"),
    path("me/type/", account.large_type, name="large_type"),
    path("people/<int:pk>/user/", users.add_user, name="add_user"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/grant/", users.grant, name="grant"),
    path("users/<int:pk>/code/", users.code, name="code"),
    path("users/<int:pk>/active/", users.active, name="active"),
    path("users/<int:pk>/unlock/", users.unlock, name="unlock"),
    path("users/<int:pk>/phone/", users.phone, name="phone"),
    path("grants/<int:pk>/withdraw/", users.withdraw, name="withdraw"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", log_in.login, name="login"),
    path("logout/", log_in.logout, name="logout"),
    path("login/first/", log_in.first_login, name="first_login"),
    path("login/password/", log_in.set_password, name="set_password"),
    path("", include((inside, "people"))),
]
