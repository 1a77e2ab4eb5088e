"""What a sheet of one place asks: its kind of check and standard, by the scheme in force when it was printed; and where."""

from __future__ import annotations

from xiangyue.agreements.in_force import scheme_on
from xiangyue.papers.models import Sheet
from xiangyue.places.models import Place
from xiangyue.rules.settings import CheckKind, Standard


def asked_on(sheet: Sheet) -> tuple[CheckKind, Standard]:
    """The kind of check of a sheet, and its standard."""
    _version, scheme = scheme_on(sheet.ground_id, sheet.scheme, sheet.to_on)
    kind = next(kind for kind in scheme.check_kinds if kind.code == sheet.code)
    return kind, scheme.standard(kind.standard)


def subject_of(sheet: Sheet) -> Place:
    """The place that it is about: a reviewer's sheet lies with the reviewer, not with whom it is about."""
    return Place.objects.select_related("township").get(code=sheet.rows[0])
