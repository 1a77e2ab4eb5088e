"""The addresses of incentive plans, their simulation and payments."""

from __future__ import annotations

from django.urls import URLPattern, path

from xiangyue.rewards import entry_views, simulation_views
from xiangyue.rewards import incentive_views as views

urlpatterns: list[URLPattern] = [
    path("plans/", views.plans, name="plans"),
    path("plans/draft/", views.draft, name="draft"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/approve/", views.approve, name="approve"),
    path("plans/<int:pk>/pay/", views.pay, name="pay"),
    path("plans/<int:pk>/payment-list.xlsx", views.payment_list, name="payment_list"),
    path("heads/<slug:ground>/<slug:incentives>/<slug:period>/", entry_views.heads, name="heads"),
    path("payments/<int:pk>/reverse/", views.reverse_one, name="reverse"),
    path("simulate/<slug:ground>/<slug:incentives>/<slug:period>/", simulation_views.simulate, name="simulate"),
]
