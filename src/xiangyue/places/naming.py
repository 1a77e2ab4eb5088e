"""Words that a rule gave, which knows places by their codes alone, with the places' names."""

from __future__ import annotations

from collections.abc import Iterable

from xiangyue.places.models import Place


def with_names(words: str, codes: Iterable[str]) -> str:
    """The words with the names of places in place of those of the codes that stand in them."""
    found = [code for code in codes if code in words]
    for code, name in Place.objects.filter(code__in=found).order_by("-code").values_list("code", "name"):
        words = words.replace(code, name)
    return words
