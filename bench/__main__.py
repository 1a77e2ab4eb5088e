"""`make bench`: every bench in turn, then one table of ratios from this run.

    python -m bench [--only closing,pages,recording,import_xlsx] [--quick]

A bench takes its candidates in turn (A B A B …) and prints a line `= LETTER what | figure | aim` for each figure of the
table. The machine is shared: only ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

BENCHES = ("closing", "pages", "recording", "import_xlsx")
QUICK = {
    "closing": ["--rounds", "3"],
    "pages": ["--quick"],
    "recording": ["--rounds", "3", "--seconds", "2"],
    "import_xlsx": ["--rounds", "2"],
}


def run(name: str, arguments: list[str]) -> tuple[int, list[str]]:
    """Run one bench, pass on what it prints; its exit code and its lines for the table."""
    rows = []
    with subprocess.Popen(
        [sys.executable, "-m", f"bench.{name}", *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("= "):
                rows.append(line[2:].strip())
    return process.returncode, rows


def main() -> int:
    """0 when every bench ran; a figure over its aim is shown, not failed: this machine proves no times."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(BENCHES), help="Benches to run, by comma.")
    parser.add_argument("--quick", action="store_true", help="Fewer rounds.")
    told = parser.parse_args()
    table: list[str] = []
    failed: list[str] = []
    for name in told.only.split(","):
        if name not in BENCHES:
            parser.error(f"no bench {name}; there are {', '.join(BENCHES)}")
        began = time.monotonic()
        print(f"\n— {name} —", flush=True)
        code, rows = run(name, QUICK[name] if told.quick else [])
        print(f"  ({time.monotonic() - began:.0f} s)")
        table += rows
        if code:
            failed.append(name)
    print("\n| what | figure | aim |\n|---|---|---|")
    for row in table:
        print("| " + " | ".join(part.strip() for part in row.split("|")) + " |")
    if failed:
        print(f"did not run to the end: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
