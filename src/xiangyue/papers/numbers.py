"""Numbers of printed sheets: the running number with a check digit that catches a mistyped and two swapped digits."""

from __future__ import annotations

import re

from xiangyue.base.cells import narrow
from xiangyue.base.problems import Problem
from xiangyue.papers.problems import BAD_NUMBER, WRONG_DIGIT

LENGTH = 8
# The quasigroup of H. Michael Damm (2004): every single wrong digit and every swap of neighbours is found.
DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def number_of(pk: int) -> str:
    """The sheet's printed number: seven digits or more, and the check digit."""
    digits = str(pk).zfill(LENGTH - 1)
    return digits + str(_check(digits))


def shown(number: str) -> str:
    """The number in two groups, as it stands on the sheet."""
    return f"{number[:-4]} {number[-4:]}"


def read_number(typed: str) -> int:
    """The running number that was typed, or scanned as the sheet's address; a Problem says what is wrong with it."""
    text = narrow(typed).strip()
    scanned = re.search(r"/papers/(\d+)/", text)
    digits = scanned[1] if scanned else re.sub(r"[\s\-—]", "", text)
    if not re.fullmatch(rf"[0-9]{{{LENGTH},18}}", digits):
        raise Problem(BAD_NUMBER, typed=text[:40], n=LENGTH)
    if _check(digits):
        raise Problem(WRONG_DIGIT, typed=shown(digits))
    return int(digits[:-1])


def _check(digits: str) -> int:
    found = 0
    for digit in digits:
        found = int(DAMM[found][int(digit)])
    return found
