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
CREATE TEMP TABLE living AS SELECT place_id, state FROM states
WHERE state <> 'living' AND from_on <= '2026-10-31' AND (to_on IS NULL OR to_on >= '2026-10-31');
CREATE TEMP TABLE sums AS SELECT kind_id, subject_id AS id, SUM(score) AS total, COUNT(*) AS n
FROM checks WHERE state = 1 AND month = 202610 AND ground_id = 1 GROUP BY kind_id, subject_id;
INSERT INTO result
WITH owns AS (SELECT p.id, p.village_id AS above, '' AS category, COALESCE(l.state, 'living') AS state,
              CASE WHEN COALESCE(l.state, 'living') NOT IN ('away', 'empty') THEN (2 * s.total + s.n) / (2 * s.n) END
              AS own, COALESCE(s.n, 0) AS n FROM places p
              LEFT JOIN sums s ON s.id = p.id AND s.kind_id = 1 LEFT JOIN living l ON l.place_id = p.id
              WHERE p.level = 'household'), {FIGURES}, {BOARDS}
SELECT 'household', id, above, category, own, paired, adjustments, result, rank, board, n FROM boards;
INSERT INTO result
WITH below AS (SELECT above AS id, (2 * SUM(result) + COUNT(result)) / (2 * COUNT(result)) AS value, COUNT(result) AS rated,
               SUM(id NOT IN (SELECT place_id FROM living WHERE state IN ('away', 'empty'))) AS due
               FROM result WHERE level = 'household' GROUP BY above),
     parts AS (SELECT id, (2 * total + n) / (2 * n) AS value, n, CASE kind_id WHEN 4 THEN 10 ELSE 30 END AS weight
               FROM sums WHERE kind_id IN (2, 3, 4)
               UNION ALL SELECT id, value, 0, 30 FROM below WHERE rated * 100 >= 80 * due),
     weighed AS (SELECT id, SUM(weight * value) AS total, SUM(weight) AS weights, SUM(n) AS n FROM parts GROUP BY id),
     owns AS (SELECT p.id, 1 AS above, p.place_class AS category, '' AS state,
              (2 * w.total + w.weights) / (2 * w.weights) AS own, COALESCE(w.n, 0) AS n
              FROM places p LEFT JOIN weighed w ON w.id = p.id WHERE p.level = 'village'), {FIGURES}, {BOARDS}
SELECT 'village', id, above, category, own, paired, adjustments, result, rank, board, n FROM boards;
INSERT INTO result
WITH below AS (SELECT p.township_id AS id, (2 * SUM(r.result) + COUNT(r.result)) / (2 * COUNT(r.result)) AS own,
               COUNT(r.result) AS rated, COUNT(*) AS due FROM result r JOIN places p ON p.id = r.id
               WHERE r.level = 'village' GROUP BY p.township_id),
     owns AS (SELECT p.id, 1 AS above, p.place_class AS category, '' AS state,
              CASE WHEN rated * 100 >= 80 * due THEN b.own END AS own, 0 AS n
              FROM places p LEFT JOIN below b ON b.id = p.id WHERE p.level = 'township'), {FIGURES}
SELECT 'township', id, above, category, own, paired, adjustments, result,
       CASE WHEN result IS NOT NULL THEN RANK() OVER (PARTITION BY above, category ORDER BY result DESC NULLS LAST) END,
       '', n FROM figures;
CREATE TABLE board AS SELECT level, id, above, board AS side, result FROM result WHERE board <> '';
"""
FIGURES = """
     added AS (SELECT subject_id AS id, SUM(amount) AS amount FROM adjustments GROUP BY subject_id),
     partners AS (SELECT red_id AS id, black_id AS other FROM pairs UNION ALL SELECT black_id, red_id FROM pairs),
     joined AS (SELECT o.*, CASE WHEN b.own IS NULL THEN o.own ELSE
                (2 * (50 * ((2 * (o.own + b.own) + 2) / 4) + 50 * o.own) + 100) / 200 END AS paired,
                CASE WHEN o.own IS NOT NULL THEN COALESCE(a.amount, 0) END AS adjustments FROM owns o
                LEFT JOIN partners q ON q.id = o.id LEFT JOIN owns b ON b.id = q.other LEFT JOIN added a ON a.id = o.id),
     figures AS (SELECT *, MAX(0, MIN(10000, paired + adjustments)) AS result FROM joined)"""
BOARDS = """
     ranked AS (SELECT *, CASE WHEN result IS NOT NULL THEN
                RANK() OVER (PARTITION BY above, category ORDER BY result DESC NULLS LAST) END AS rank,
                COUNT(result) OVER (PARTITION BY above, category) AS pool FROM figures),
     reds AS (SELECT *, result >= {red_limit} AND rank <= MAX(1, pool * {red_share} / 1000) AS red FROM ranked),
     low AS (SELECT *, COUNT(result) OVER (PARTITION BY above, category, red ORDER BY result NULLS LAST) AS lower FROM reds),
     boards AS (SELECT *, CASE WHEN pool < 5 OR result IS NULL THEN '' WHEN red THEN 'red'
                WHEN result <= {black_limit} AND lower <= MAX(1, pool * {black_share} / 1000) AND state <> 'help'
                THEN 'black' ELSE '' END AS board FROM low)"""
OF_HOUSEHOLDS = {"red_limit": 9500, "red_share": 50, "black_limit": 9000, "black_share": 30}
OF_VILLAGES = {"red_limit": 8500, "red_share": 100, "black_limit": 8000, "black_share": 100}
COMPARED = "level, id, own, paired, adjustments, result, rank, board, n"


def plain_sql() -> str:
    """The baseline's statements: the demo county's scheme spelled out in SQL."""
    of_households, rest = PLAIN.replace("{FIGURES}", FIGURES).split("{BOARDS}", 1)
    of_villages, of_townships = rest.split("{BOARDS}", 1)
    boards = [BOARDS.format_map(settings) for settings in (OF_HOUSEHOLDS, OF_VILLAGES)]
    return of_households + boards[0] + of_villages + boards[1] + of_townships


def plain(file: str) -> None:
    """The baseline: the same figures by SQL from the same rows without an index, written durably."""
    base = sqlite3.connect(file, isolation_level=None)
    base.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; BEGIN;" + plain_sql() + "COMMIT;")
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
    for name, table in (("states", "places_householdstate"), ("adjustments", "standings_adjustment")):
        base.execute(f"CREATE TABLE {name} AS SELECT * FROM ours.{table}")
    base.execute("CREATE TABLE pairs AS SELECT * FROM ours.standings_pair")
    base.commit()
    base.close()


def must_agree(plain_file: Path, ours: Path) -> None:
    """End the bench where the two have not come to the same figures, ranks and boards."""
    base = sqlite3.connect(plain_file)
    base.execute("ATTACH ? AS ours", (str(ours),))
    found = (
        "SELECT s.level AS level, r.subject_id AS id, r.own, r.paired, r.adjustments, r.result, r.rank, r.board,"
        " r.n_checks FROM ours.standings_result r JOIN ours.standings_standing s ON s.id = r.standing_id"
    )
    listed = f"SELECT {COMPARED} FROM main.result"
    for one, other, words in ((listed, found, "only plain"), (found, listed, "only ours")):
        apart = base.execute(f"{one} EXCEPT {other} LIMIT 3").fetchall()
        if apart:
            raise SystemExit(f"the two do not agree; {words} has {apart}")
    if not base.execute("SELECT COUNT(*) FROM main.result WHERE result IS NOT NULL").fetchone()[0]:
        raise SystemExit("the baseline came to no figures")
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
    for turn in range(rounds):
        target = copies(folder, "plain")
        seconds, plain_spent, _ = run(
            [sys.executable, "-m", "bench.closing", "--plain", str(target / "plain.sqlite3")], dict(os.environ)
        )
        base.append(seconds)
        shutil.copy(target / "plain.sqlite3", folder / "plain-done.sqlite3")
        target = copies(folder, "ours")
        env = dict(os.environ, XIANGYUE_DATA=str(target))
        env.pop("DATABASE_URL", None)
        program = str(Path(sys.executable).with_name("xiangyue"))
        seconds, own_spent, peak = run([program, "close", GROUND, PERIOD], env)
        if not turn:
            must_agree(folder / "plain-done.sqlite3", target / "xiangyue.sqlite3")
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
