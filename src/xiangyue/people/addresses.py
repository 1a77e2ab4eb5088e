"""From where somebody asks: the client's address, behind the instance's own proxies too."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest

NET = 64
"""Bits of an IPv6 address that one household or office gets as a whole."""


def client_address(request: HttpRequest) -> str:
    """The address, of IPv6 its network; empty where it can't be known.

    Each proxy of the instance adds who asked it to the end of X-Forwarded-For; what stands before was said by the
    client and is worth nothing.
    """
    named = str(request.META.get("REMOTE_ADDR", ""))
    if settings.PROXIES:
        passed = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
        named = passed[-settings.PROXIES] if len(passed) >= settings.PROXIES else named
    try:
        found = ip_address(named.strip("[]"))
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> (128 - NET) << (128 - NET)))
    return str(found)
