"""Bench (a): closing a month of 1.1 million checks, against the same figures by plain sqlite3 SQL without an index.

`python -m bench.closing [--rounds N] [--small]` makes a county of 92 villages and 37,778 households, then takes the two
in turn, whole processes both, and prints the seconds, the memory and the median of the ratios.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GROUND, PERIOD = "990100", "2026-10"
PLAIN = """
CREATE TABLE result (level, id, above, category, own, paired, adjustments, result, rank, board, n);
INSERT INTO result
WITH own AS (SELECT c.subject_id AS id, (2 * SUM(score) + COUNT(*)) / (2 * COUNT(*)) AS own, COUNT(*) AS n
             FROM checks c WHERE state = 1 AND month = 202610 AND kind_id = 1 GROUP BY c.subject_id),
     placed AS (SELECT o.id, p.village_id AS above, p.place_class AS category, o.own, o.n
                FROM own o JOIN places p ON p.id = o.id),
     ranked AS (SELECT *, RANK() OVER (PARTITION BY above ORDER BY own DESC) AS rank,
                ROW_NUMBER() OVER (PARTITION BY above ORDER BY own DESC) AS high,
                ROW_NUMBER() OVER (PARTITION BY above ORDER BY own) AS low,
                COUNT(*) OVER (PARTITION BY above) AS pool FROM placed)
SELECT 'household', id, above, category, own, own, 0, own, rank,
       CASE WHEN high <= MAX(1, pool * 50 / 1000) AND own >= 9500 THEN 'red'
            WHEN low <= MAX(1, pool * 30 / 1000) AND own <= 9000 THEN 'black' ELSE '' END, n
FROM ranked;
INSERT INTO result
WITH parts AS (SELECT subject_id AS id, kind_id, (2 * SUM(score) + COUNT(*)) / (2 * COUNT(*)) AS value, COUNT(*) AS n
               FROM checks WHERE state = 1 AND month = 202610 AND kind_id IN (2, 3, 4) GROUP BY subject_id, kind_id
               UNION ALL
               SELECT above, 0, (2 * SUM(result) + COUNT(*)) / (2 * COUNT(*)), 0 FROM result
               WHERE level = 'household' GROUP BY above),
     total AS (SELECT id, SUM(w * value) AS total, SUM(w) AS weights, SUM(n) AS n FROM
               (SELECT id, value, n, CASE kind_id WHEN 4 THEN 10 ELSE 30 END AS w FROM parts) GROUP BY id),
     placed AS (SELECT t.id, p.township_id AS above, p.place_class AS category, t.n,
                (2 * total + weights) / (2 * weights) AS own FROM total t JOIN places p ON p.id = t.id),
     ranked AS (SELECT *, RANK() OVER (PARTITION BY category ORDER BY own DESC) AS rank,
                ROW_NUMBER() OVER (PARTITION BY category ORDER BY own DESC) AS high,
                ROW_NUMBER() OVER (PARTITION BY category ORDER BY own) AS low,
                COUNT(*) OVER (PARTITION BY category) AS pool FROM placed)
SELECT 'village', id, above, category, own, own, 0, own, rank,
       CASE WHEN high <= MAX(1, pool * 50 / 1000) AND own >= 9500 THEN 'red'
            WHEN low <= MAX(1, pool * 30 / 1000) AND own <= 9000 THEN 'black' ELSE '' END, n
FROM ranked;
INSERT INTO result
WITH own AS (SELECT above AS id, (2 * SUM(result) + COUNT(*)) / (2 * COUNT(*)) AS own, COUNT(*) AS n
             FROM result WHERE level = 'village' GROUP BY above)
SELECT 'township', id, 0, '', own, own, 0, own, RANK() OVER (ORDER BY own DESC), '', n FROM own;
CREATE TABLE board AS SELECT level, id, above, board AS side, result FROM result WHERE board <> '';
"""


def plain(file: str) -> None:
    """The baseline: the same figures by SQL from the same rows without an index, written durably."""
    base = sqlite3.connect(file, isolation_level=None)
    base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN;" + PLAIN + "COMMIT;")
    print(base.execute("SELECT level, COUNT(*) FROM result GROUP BY level").fetchall())


def make_plain(source: Path, target: Path) -> None:
    """A plain database with the rows of ours: checks and places, no index."""
    target.unlink(missing_ok=True)
    base = sqlite3.connect(target)
    base.execute("ATTACH ? AS ours", (str(source),))
    base.execute("CREATE TABLE checks AS SELECT * FROM ours.checks_check")
    # places are looked up by their row id, which costs no index; the checks lie as they came
    base.execute("CREATE TABLE places (id INTEGER PRIMARY KEY, village_id, township_id, level, place_class)")
    base.execute("INSERT INTO places SELECT id, village_id, township_id, level, place_class FROM ours.places_place")
    base.commit()
    base.close()


def run(command: list[str], env: dict[str, str]) -> tuple[float, float, float]:
    """(seconds, seconds of processor time, peak MiB) of a whole process."""
    began = time.perf_counter()
    done = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = done.stdout.read() if done.stdout else ""
    _, status, used = os.wait4(done.pid, 0)
    done.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{told}")
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def copies(folder: Path, name: str) -> Path:
    """A fresh copy of a prepared folder, in the page cache as the other's is."""
    target = folder / "run"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder / name, target)
    return target


def measure(folder: Path, rounds: int) -> dict[str, float]:
    """The medians of both, and of their ratio, taken in turn."""
    ours, base, memory, ratios, spent = [], [], [], [], []
    for _ in range(rounds):
        target = copies(folder, "plain")
        seconds, plain_spent, _ = run(
            [sys.executable, "-m", "bench.closing", "--plain", str(target / "plain.sqlite3")], dict(os.environ)
        )
        base.append(seconds)
        target = copies(folder, "ours")
        env = dict(os.environ, XIANGYUE_DATA=str(target))
        env.pop("DATABASE_URL", None)
        program = str(Path(sys.executable).with_name("xiangyue"))
        seconds, own_spent, peak = run([program, "close", GROUND, PERIOD], env)
        ours.append(seconds)
        memory.append(peak)
        ratios.append(ours[-1] / base[-1])
        spent.append(own_spent / plain_spent)
        print(
            f"  close {ours[-1]:.2f} s ({peak:.0f} MiB)  plain sqlite3 {base[-1]:.2f} s  ratio {ratios[-1]:.2f}"
            f"  processor time {own_spent:.2f} / {plain_spent:.2f} s"
        )
    return {
        "close_s": statistics.median(ours),
        "plain_s": statistics.median(base),
        "ratio": statistics.median(ratios),
        "spent": statistics.median(spent),
        "peak_mib": max(memory),
    }


def main() -> None:
    """Prepare once, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--small", action="store_true", help="a twentieth of the households")
    parser.add_argument("--keep", type=Path, help="folder to prepare in and leave")
    parser.add_argument("--plain", help=argparse.SUPPRESS)
    parser.add_argument("--prepare", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.plain:
        plain(told.plain)
        return
    folder = told.keep or Path(tempfile.mkdtemp(prefix="xiangyue-bench-"))
    # compiled once, as an installation is: a start is not to be weighed with the compiler in it
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(Path(__file__).parent.parent / "src")], check=True)
    if not (folder / "ours").exists():
        (folder / "ours").mkdir(parents=True)
        env = dict(os.environ, XIANGYUE_DATA=str(folder / "ours"))
        subprocess.run(
            [sys.executable, "-m", "bench.county", "--households", "20" if told.small else "410"], env=env, check=True
        )
        (folder / "plain").mkdir(exist_ok=True)
        make_plain(folder / "ours" / "xiangyue.sqlite3", folder / "plain" / "plain.sqlite3")
    found = measure(folder, told.rounds)
    if not told.keep:
        shutil.rmtree(folder)
    what = f"close a month, whole process: {found['close_s']:.2f} s, plain sqlite3 {found['plain_s']:.2f} s"
    print(f"= a {what} | {found['ratio']:.2f}x | at most 1x")
    print(f"  median ratio of processor time {found['spent']:.2f}: on a busy machine the two cores are not there")
    print(f"= a its peak memory | {found['peak_mib']:.0f} MiB | under 500 MiB")


if __name__ == "__main__":
    main()
