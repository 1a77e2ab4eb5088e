"""An address as a picture to scan, for what is printed."""

from __future__ import annotations

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr(text: str) -> SafeString:
    """The text as an SVG picture, as large as its page says: with a size of its own the page would cut it off."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, dark="#1F2328", title=None)
    # made here from an address of ours alone
    return mark_safe(out.getvalue().decode())
