"""The command line from a folder to results, and what it says when something is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.utils import timezone
from python_calamine import CalamineWorkbook

from xiangyue.checks.models import Check
from xiangyue.places.models import Place
from xiangyue.rules.numbers import half_up, show
from xiangyue.site.cli import main
from xiangyue.standings.models import BoardEntry, BoardList, Pair, Period, Standing
from xiangyue.standings.models import Result as Figures

WILLOW = Path(__file__).parent.parent / "fixtures" / "willow"
GROUND, MONTH = "990300", "2026-10"
ONE, TWO = "990300100201", "990300100202"
LEAD = ["own", "joint", "paired", "adjustments", "result", "rank", "board", "pair"]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep away from the instance's own folder."""
    monkeypatch.setenv("XIANGYUE_DATA", str(tmp_path / "data"))


def call(*words: str) -> Result:
    """A command, run here."""
    return CliRunner().invoke(main, list(words))


def run(*words: str) -> str:
    """What a command that succeeds prints."""
    done = call(*words)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def closed(db: Any) -> None:
    """The folder written by hand, its two villages paired, its month closed."""
    run("load", str(WILLOW), "--begin", "2026-01-01")
    run("close", GROUND, "2026-09", "--yes")
    period = Period.objects.get(key=MONTH)
    Pair.objects.create(
        composite="village_month",
        board=BoardList.objects.filter(board="village_board", category="villages").get(),
        period=period,
        red=Place.objects.get(code=ONE),
        black=Place.objects.get(code=TWO),
        met_at=Place.objects.get(code="990300100"),
        made_at=timezone.now(),
    )
    run("close", GROUND, MONTH, "--yes")


def rows_of(composite: str, told: str) -> dict[str, dict[str, Any]]:
    """Code → row of a composite in the JSON."""
    found = next(one for one in json.loads(told)["composites"] if one["code"] == composite)
    return {row["code"]: row for row in found["rows"]}


def test_results_as_json_show_the_pair_and_what_own_is_made_of(closed: None) -> None:
    told = run("results", GROUND, MONTH, "--format", "json")
    villages = rows_of("village_month", told)
    own = {code: round(float(row["own"]) * 100) for code, row in villages.items()}
    joint = half_up(own[ONE] + own[TWO], 2)
    for code, other in ((ONE, TWO), (TWO, ONE)):
        row = villages[code]
        added = -150 if code == ONE else 0
        paired = half_up(50 * joint + 50 * own[code], 100)
        figures = [show(own[code]), show(joint), show(paired), show(added), show(paired + added)]
        assert [row[name] for name in LEAD[:5]] == figures
        assert row["pair"] == other
        assert (row["households_weight"], row["open_weight"], row["secret"], row["opinion"]) == (30, 30, "", "")
        parts = [round(float(row[part]) * 100) for part in ("households", "open")]
        assert own[code] == half_up(30 * parts[0] + 30 * parts[1], 60)
        assert parts[0] == half_up(round(float(row["households_total"]) * 100), row["households_n"])
    homes = rows_of("household_month", told)
    assert homes[f"{ONE}-H00006"]["why"] == "away"
    assert homes[f"{ONE}-H00006"]["own"] == homes[f"{ONE}-H00006"]["result"] == ""
    assert homes[f"{ONE}-H00001"]["daily_n"] == 12
    assert homes[f"{ONE}-H00001"]["daily_total"] == "1166.67"


def test_csv_and_xlsx_hold_the_same_as_json(closed: None, tmp_path: Path) -> None:
    told = json.loads(run("results", GROUND, MONTH, "--format", "json"))
    as_csv = list(csv.DictReader(io.StringIO(run("results", GROUND, MONTH))))
    run("results", GROUND, MONTH, "--format", "xlsx", "-o", str(tmp_path / "r.xlsx"))
    run("results", GROUND, MONTH, "-o", str(tmp_path / "r.csv"))
    assert list(csv.DictReader((tmp_path / "r.csv").open(encoding="utf-8-sig"))) == as_csv
    book = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))
    assert book.sheet_names == [one["name"] for one in told["composites"]]
    for one in told["composites"]:
        mine = [row for row in as_csv if row["composite"] == one["code"]]
        sheet = book.get_sheet_by_name(one["name"]).to_python()
        assert len(mine) == len(one["rows"]) == len(sheet) - 1
        assert {"本级得分", "结对共评", "结对后", "加减分", "考核结果", "名次", "红黑榜", "结对方"} <= set(
            map(str, sheet[0])
        )
        for row, from_csv, cells in zip(one["rows"], mine, sheet[1:], strict=True):
            for name, value in row.items():
                assert from_csv[name] == ("" if value is None else str(value))
            at = [str(cell) for cell in sheet[0]].index("考核结果")
            assert cells[at] == (float(row["result"]) if row["result"] else "")


def test_one_composite_and_what_there_is_not(closed: None) -> None:
    rows = list(csv.DictReader(io.StringIO(run("results", GROUND, MONTH, "--composite", "township_month"))))
    assert [row["code"] for row in rows] == ["990300100"]
    for words, said in (
        (("results", GROUND, "2026-11"), "2026-11"),
        (("results", GROUND, "2026-13"), "2026-10"),
        (("results", GROUND, MONTH, "--composite", "nothing"), "nothing"),
        (("results", "990399", MONTH), "990399"),
        (("results", GROUND, MONTH, "--format", "xlsx"), "-o"),
        (("close", GROUND, MONTH), "--new-version"),
        (("close", GROUND, MONTH, "--new-version"), "原因"),
        (("status", "990399"), "990399"),
    ):
        done = call(*words)
        assert done.exit_code != 0
        assert said in done.output, words


def test_a_faulty_folder_is_told_and_leaves_nothing(db: Any, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text("code,name,level\n1,一县,county\n", encoding="utf-8")
    done = call("load", str(tmp_path))
    assert done.exit_code == 1
    assert "places 第 2 行" in done.output
    assert "什么都没有载入" in done.output
    (tmp_path / "places.csv").unlink()
    assert call("load", str(tmp_path)).exit_code == 1


def test_a_register_comes_in_before_there_is_a_scheme(db: Any, tmp_path: Path) -> None:
    for table in ("places", "households"):
        shutil.copy(WILLOW / f"{table}.csv", tmp_path)
    told = run("load", str(tmp_path), "--begin", "2026-01-01")
    assert "已载入：区划" in told
    assert "还没有方案" in told
    assert "  农户 11" in told


def test_status_says_what_begins_later(db: Any, tmp_path: Path) -> None:
    begin = timezone.localdate() + timedelta(days=9)
    for table in ("places.csv", "households.csv", "scheme.toml"):
        shutil.copy(WILLOW / table, tmp_path)
    run("load", str(tmp_path), "--begin", begin.isoformat())
    told = run("status", GROUND)
    assert f"另有 {Place.objects.count()} 个区划和农户从 {begin} 或以后起才有效" in told
    assert f"方案从 {begin} 起施行" in told
    assert json.loads(run("status", GROUND, "--json"))["coming"] == {
        "n": Place.objects.count(),
        "from_on": begin.isoformat(),
    }


def test_a_demo_tells_each_step_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from xiangyue.site.commands.demo import Bars

    with Bars({"register": "登记区划", "checks": "检查记录"}) as bars:
        bars.say("register", 0, 5)
        bars.say("register", 5, 5)
        bars.say("checks", 1, 9)
    told = capsys.readouterr().out
    assert [line for line in told.splitlines() if line.startswith("·")] == ["· 登记区划…", "· 检查记录…"]


def test_late_checks_wait_for_a_new_version(closed: None, tmp_path: Path) -> None:
    before = run("results", GROUND, MONTH)
    (tmp_path / "checks.csv").write_text(
        f"id,kind,subject,inspector,day\nl1,daily,{ONE}-H00001,P2,2026-10-30\n", encoding="utf-8"
    )
    (tmp_path / "entries.csv").write_text("check,item,step\nl1,S01-3,firewood\n", encoding="utf-8")
    run("load", str(tmp_path))
    assert Check.objects.aside(Check.State.LATE).count() == 1
    assert run("results", GROUND, MONTH) == before
    late = [row for row in json.loads(run("status", GROUND, "--json"))["checks"] if row["kind"] == "late"]
    assert late[0]["n"] == 1
    run("close", GROUND, MONTH, "--new-version", "--reason", "补录")
    assert (
        rows_of("household_month", run("results", GROUND, MONTH, "--format", "json"))[f"{ONE}-H00001"]["daily_n"] == 13
    )
    assert run("results", GROUND, MONTH, "--version", "1") == before
    assert "不符" not in run("verify")


def test_status_counts_what_was_loaded(closed: None) -> None:
    told = json.loads(run("status", GROUND, "--json"))
    places = {level: row["n"] for level, row in told["places"].items()}
    assert places == {"county": 1, "township": 1, "village": 2, "hamlet": 1, "household": 11, "public_place": 0}
    states = {state: row["n"] for state, row in told["households"]["states"].items()}
    assert states == {"living": 9, "away": 1, "empty": 0, "help": 1}
    assert (told["persons"], told["organisations"], told["users"]) == (4, 0, 3)
    members = next(layer for layer in told["duties"] if layer["layer"] == "members")
    assert (members["duties"], members["covered"], members["targets"], members["gaps"]) == (11, 10, 10, 0)
    assert {(row["kind"], row["n"]) for row in told["checks"]} == {("daily", 120), ("village_open", 2)}
    month = next(period for period in told["periods"] if period["key"] == MONTH)
    assert (month["state"], month["version"]) == ("closed", 1)
    digests = {
        one["code"]: one["digest"]
        for one in json.loads(run("results", GROUND, MONTH, "--format", "json"))["composites"]
    }
    assert month["digests"] == digests
    assert "示范县" in run("status")


def spoil_a_result() -> str:
    """A figure changed past the program."""
    Figures.objects.filter(subject__code=ONE, standing__composite="village_month").update(result=9999)
    return f"{ONE} 的考核结果存的是 99.99"


def spoil_a_check() -> str:
    """A record changed past the program."""
    Check.objects.filter(subject__code=f"{ONE}-H00002", score=8333).update(score=0)
    return f"{ONE}-H00002 的"


def spoil_a_digest() -> str:
    """A seal changed past the program."""
    Standing.objects.filter(composite="township_month").update(digest="0" * 64)
    return "摘要不符"


def spoil_a_board() -> str:
    """An entry taken off a board past the program."""
    assert BoardEntry.objects.all().delete()[0]
    return "榜上"


@pytest.mark.parametrize("spoil", [spoil_a_result, spoil_a_check, spoil_a_digest, spoil_a_board])
def test_verify_says_what_was_changed_by_hand(closed: None, spoil: Any) -> None:
    assert "相符" in run("verify", GROUND, MONTH)
    said = spoil()
    done = call("verify")
    assert done.exit_code == 1
    assert said in done.output


@pytest.mark.slow
@pytest.mark.postgres
def test_a_backup_travels_to_postgresql_and_back(tmp_path: Path, postgres_url: str) -> None:
    def there(data: str, url: str, *words: str) -> str:
        environment = {**os.environ, "XIANGYUE_DATA": str(tmp_path / data), "DATABASE_URL": url}
        if not url:
            del environment["DATABASE_URL"]
        command = [sys.executable, "-c", "from xiangyue.site.cli import main; main()", *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    there("one", "", "load", str(WILLOW), "--begin", "2026-01-01")
    there("one", "", "close", GROUND, MONTH, "--yes")
    first = there("one", "", "results", GROUND, MONTH)
    there("one", "", "backup", str(tmp_path / "one.tar.gz"))
    there("two", postgres_url, "restore", str(tmp_path / "one.tar.gz"))
    assert "不符" not in there("two", postgres_url, "verify")
    there("two", postgres_url, "backup", str(tmp_path / "two.tar.gz"))
    there("three", "", "restore", str(tmp_path / "two.tar.gz"))
    assert there("three", "", "results", GROUND, MONTH) == first
    assert "不符" not in there("three", "", "verify")
