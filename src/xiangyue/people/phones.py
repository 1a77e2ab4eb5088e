"""Phone numbers as people type them."""

from __future__ import annotations

import re
import unicodedata

MOBILE = re.compile(r"1\d{10}")


def plain_phone(text: str) -> str:
    """The number with half-width digits, without spaces, dashes and the country's +86."""
    digits = re.sub(r"[\s\-—()]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"^(\+86|0086)", "", digits)


def is_mobile(phone: str) -> bool:
    """Whether it is a mainland mobile number, which is what people log in by."""
    return bool(MOBILE.fullmatch(phone))
