"""How tests tell which problem they expect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from xiangyue.base.problems import Problem


@contextmanager
def refused(code: str) -> Iterator[None]:
    """What is done inside is refused with this problem, in words that say what to do."""
    with pytest.raises(Problem) as caught:
        yield
    assert caught.value.kind.code == code, str(caught.value)
    assert caught.value.words
    assert caught.value.mend
