"""A test that needs Chromium or PostgreSQL is skipped where there is none, and failed where it must run."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
import tests.must
from tests.must import pytest_runtest_makereport, pytest_runtest_setup
tests.must.chromium = lambda: None
"""
WALK = """
import pytest

@pytest.mark.browser
def test_walk():
    pass

def test_plain():
    pytest.skip("not today")
"""


def outcome(pytester: pytest.Pytester, **environment: str) -> pytest.RunResult:
    """A run of one walk and one plain test, without Chromium."""
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(WALK)
    pytester.makeini("[pytest]\nmarkers = browser: walk\n")
    for name in ("CI", "XIANGYUE_MUST"):
        pytester._monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        pytester._monkeypatch.setenv(name, value)
    return pytester.runpytest_subprocess("-p", "no:django", "-p", "no:cacheprovider", "-rs")


@pytest.fixture(autouse=True)
def project_on_path(pytester: pytest.Pytester, pytestconfig: pytest.Config) -> None:
    """The run inside sees the project's own modules."""
    pytester.syspathinsert(pytestconfig.rootpath)
    pytester._monkeypatch.setenv("PYTHONPATH", str(pytestconfig.rootpath))


def test_on_someones_own_machine_it_is_skipped_with_the_reason(pytester: pytest.Pytester) -> None:
    result = outcome(pytester)
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*no Chromium here*"])


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"XIANGYUE_MUST": "chromium,postgres"}], ids=str)
def test_where_it_must_run_its_skip_is_a_failure(pytester: pytest.Pytester, environment: dict[str, str]) -> None:
    result = outcome(pytester, **environment)
    result.assert_outcomes(errors=1, skipped=1)
    result.stdout.fnmatch_lines(["*chromium must run here, but the test was skipped: *no Chromium here*"])


def test_what_need_not_run_may_be_skipped_in_ci_too(pytester: pytest.Pytester) -> None:
    outcome(pytester, CI="true", XIANGYUE_MUST="postgres").assert_outcomes(skipped=2)
