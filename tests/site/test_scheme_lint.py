"""`xiangyue scheme lint`: findings with line, mend and source; its exit code; what it gives to programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xiangyue.schemes import pack_names, pack_text
from xiangyue.site.cli import main

LAWLESS = pack_text("linjiang").replace("垃圾未分类", "不改的罚款", 1)


def linted(tmp_path: Path, text: str, *options: str) -> Result:
    """What the command says of a file with the text."""
    file = tmp_path / "方案.toml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["scheme", "lint", str(file), *options])


@pytest.mark.parametrize("name", pack_names())
def test_the_packs_pass(tmp_path: Path, name: str) -> None:
    result = linted(tmp_path, pack_text(name))
    assert result.exit_code == 0
    assert "不合规 0 处" in result.output


def test_a_finding_has_its_line_its_mend_and_its_source(tmp_path: Path) -> None:
    result = linted(tmp_path, LAWLESS)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    number = next(n for n, line in enumerate(LAWLESS.splitlines(), 1) if "不改的罚款" in line)
    head = f"不合规[money] 第 {number} 行，standards[S01].items[S01-1].steps[unsorted]："
    assert lines[0].startswith(head)
    assert "怎么改" in lines[1]
    assert "依据：《行政处罚法》" in lines[2]
    assert "不能施行" in lines[-1]


def test_for_programs(tmp_path: Path) -> None:
    result = linted(tmp_path, LAWLESS, "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert not told["passes"]
    assert not told["errors"]
    assert {"id": "money", "severity": "reject"}.items() <= told["findings"][0].items()
    assert told["findings"][0].keys() == {"line", "id", "severity", "where", "source", "words", "mend"}


def test_a_file_with_errors_is_answered_with_them(tmp_path: Path) -> None:
    text = LAWLESS.replace("weight = 100", "weight = -1")
    result = linted(tmp_path, text)
    assert result.exit_code == 1
    assert "1 处错误" in result.output
    told = json.loads(linted(tmp_path, text, "--json").output)
    assert [error["id"] for error in told["errors"]] == ["range"]
    assert told["findings"] == []
