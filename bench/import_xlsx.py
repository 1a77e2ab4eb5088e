"""Bench (d): importing 40,000 households from .xlsx with all checks on, against python-calamine reading the file alone.

`python -m bench.import_xlsx [--rows N] [--rounds N]` makes a county and a workbook, then takes the two in turn, each in a
fresh process, and prints seconds, memory and the median of the ratios. Ours is judged, examined in a dry run and
applied in one transaction to an empty register of households, change log included; both jobs count.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

N_VILLAGES, N_TOWNSHIPS, COUNTY = 92, 13, "990100"
HEADINGS = (
    "所在村",
    "屯(组)",
    "农户编码",
    "门牌",
    "户主姓名",
    "联系电话",
    "人口数",
    "状态",
    "状态起始日",
    "备注",
    "村名",
    "序号",
)


def make_workbook(file: Path, rows: int) -> None:
    """Households as an office types them: codes as text, some numbers as text, some days as days."""
    import xlsxwriter

    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    sheet = book.add_worksheet("农户")
    for place, heading in enumerate(HEADINGS):
        sheet.write_string(0, place, heading)
    for number in range(1, rows + 1):
        village = number % N_VILLAGES
        code = f"{COUNTY}{100 + village % N_TOWNSHIPS:03d}{200 + village:03d}"
        cells = (
            code, f"{number % 5 + 1}组", f"{code}-H{number // N_VILLAGES + 1:05d}", f"{number}号", f"示例户{number}",
            f"199{number:08d}", number % 7 + 1 if number % 3 else str(number % 7 + 1),
            ("在住", "外出", "空置", "需帮助")[number % 4], "2026-01-01", "", f"示例村{village}", number,
        )  # fmt: skip
        for place, cell in enumerate(cells):
            if cell != "":
                sheet.write(number, place, cell)
    book.close()


def make_county() -> None:
    """The tree down to hamlets, and a county office, in the database of the environment."""
    from django.core.management import call_command

    from xiangyue.base.bulk import insert_rows, stored
    from xiangyue.people.models import Person, RoleGrant, User
    from xiangyue.places.models import Place

    call_command("migrate", verbosity=0, interactive=False)
    begin = stored(date(2026, 1, 1))
    rows: list[tuple[object, ...]] = [(1, COUNTY, "示例县", "county", "", None, f"{COUNTY}/", 1, None, None, 0, begin)]
    for number in range(N_TOWNSHIPS):
        pk, code = len(rows) + 1, f"{COUNTY}{100 + number:03d}"
        rows.append((pk, code, f"示例镇{number}", "township", "town", 1, f"{COUNTY}/{code}/", 1, pk, None, 0, begin))
    for number in range(N_VILLAGES):
        above = rows[1 + number % N_TOWNSHIPS]
        pk, code = len(rows) + 1, f"{above[1]}{200 + number:03d}"
        path = f"{above[6]}{code}/"
        rows.append((pk, code, f"示例村{number}", "village", "village", above[0], path, 1, above[0], pk, 0, begin))
        for hamlet in range(1, 6):
            own = f"{code}-Z{hamlet:02d}"
            rows.append(
                (len(rows) + 1, own, f"{hamlet}组", "hamlet", "", pk, f"{path}{own}/", 1, above[0], pk, hamlet, begin)
            )
    fields = "id code name level place_class parent path ground township village order from_on".split()
    insert_rows(Place, fields, rows)
    person = Person.objects.create(code="P1", name="示例干部", place_id=1, from_on="2026-01-01")
    user = User.objects.create_user("19900000000", None, person=person)
    RoleGrant.objects.create(user=user, role="county_office", place_id=1, from_on="2026-01-01")


def read_alone(file: Path) -> float:
    """Seconds for python-calamine to read every cell into Python."""
    from python_calamine import CalamineWorkbook

    begun = time.perf_counter()
    cells = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert len(cells) > 1
    return time.perf_counter() - begun


def take_in(file: Path) -> dict[str, float]:
    """Seconds for judging, the dry run and the import; the rows are counted afterwards."""
    from django.utils import timezone

    from xiangyue.base.worker import work_off
    from xiangyue.desk import jobs
    from xiangyue.desk.files import judge
    from xiangyue.desk.models import Import
    from xiangyue.people.models import User
    from xiangyue.places.models import Household

    run = Import(desk="household", file_name=file.name, uploaded_by=User.objects.get(), uploaded_at=timezone.now())
    begun = time.perf_counter()
    run.kind = judge(file)
    judged = time.perf_counter()
    run.folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, run.file)
    run.save()
    jobs.start_check(run)
    work_off()
    run.refresh_from_db()
    assert run.counts["bad"] == 0, run.words or run.found
    looked = time.perf_counter()
    run.state = Import.State.APPLYING
    jobs.start_apply(run)
    work_off()
    done = time.perf_counter()
    assert Household.objects.count() == run.counts["add"] > 0
    return {"judge": judged - begun, "look": looked - judged, "apply": done - looked, "whole": done - begun}


def child(what: str, file: Path) -> None:
    """One candidate in this process, printed as JSON."""
    if what == "alone":
        found: dict[str, float] = {"whole": read_alone(file)}
    else:
        from xiangyue.site.cli import start_django

        start_django()
        make_county()
        found = take_in(file)
    found["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(found))


def run_child(what: str, file: Path) -> dict[str, float]:
    """What one candidate took, in a process and a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="xiangyue-bench-") as folder:
        told = os.environ | {"XIANGYUE_DATA": folder, "XIANGYUE_LOG": "ERROR"}
        command = [sys.executable, "-m", "bench.import_xlsx", "--child", what, "--file", str(file)]
        out = subprocess.run(command, env=told, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(out.splitlines()[-1])
    return found


def measure(rows: int, rounds: int) -> float:
    """Prints each round; gives the median of ours over calamine's."""
    with tempfile.TemporaryDirectory(prefix="xiangyue-bench-") as folder:
        file = Path(folder) / "households.xlsx"
        make_workbook(file, rows)
        ratios = []
        for _round in range(rounds):
            alone, ours = run_child("alone", file), run_child("ours", file)
            ratios.append(ours["whole"] / alone["whole"])
            steps = " ".join(f"{name} {ours[name]:.2f}" for name in ("judge", "look", "apply"))
            print(
                f"calamine alone {alone['whole']:.2f} s · ours {ours['whole']:.2f} s ({steps}) "
                f"{ours['megabytes']:.0f} MB · ratio {ratios[-1]:.2f}"
            )
    return statistics.median(ratios)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", choices=("alone", "ours"), default="")
    parser.add_argument("--file", type=Path)
    told = parser.parse_args()
    if told.child:
        child(told.child, told.file)
        return
    ratio = measure(told.rows, told.rounds)
    print(f"= d import of {told.rows:,} households from .xlsx / python-calamine reading it | {ratio:.2f}x | at most 6x")


if __name__ == "__main__":
    main()
