"""Names and phone numbers half hidden, for those who need not know them whole."""

from __future__ import annotations


def mask_name(name: str) -> str:
    """张小明 as 张*, an empty name as it is."""
    return f"{name[0]}*" if name else ""


def mask_phone(phone: str) -> str:
    """13812341234 as 138****1234; shorter numbers keep their last two digits only."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"****{phone[-2:]}" if len(phone) > 2 else "*" * len(phone)
