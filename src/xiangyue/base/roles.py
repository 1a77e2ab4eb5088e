"""The roles that a grant can give over a place; who holds them is kept in `people`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do on the ground of a grant; see docs/guide/permissions.md."""

    COUNTY_OFFICE = "county_office", _("县级办公室")
    TOWNSHIP_OFFICE = "township_office", _("乡镇办公室")
    VILLAGE_OFFICE = "village_office", _("村支书/村委")
    BEARER = "bearer", _("包保人")
    DEPARTMENT = "department", _("包保部门/联建企业")
    SUPERVISOR = "supervisor", _("督导组")
    AUDITOR = "auditor", _("纪检/审计")
    KEEPER = "keeper", _("系统管理员")


OFFICES = frozenset({Role.COUNTY_OFFICE, Role.TOWNSHIP_OFFICE})
STAFF = OFFICES | {Role.VILLAGE_OFFICE}
READERS = STAFF | {Role.SUPERVISOR, Role.AUDITOR}
EVERYBODY = frozenset(Role)
