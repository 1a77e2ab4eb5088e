"""Brings .venv and node_modules in line with the locks; does nothing, in a moment, when they are already."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.txt"
MODULES = ROOT / "node_modules"
STAMP = ".xiangyue-setup"
TRIES = 3

NO_NODE = """\
Xiangyue needs Node.js 20 or newer with npm for its pages' parts, and `npm` was not found.
Install it (Debian, Ubuntu: apt-get install nodejs npm) and run `make setup` again.

乡约的页面组件需要 Node.js 20 或更高版本(含 npm),本机没有找到 npm。
请先安装(Debian、Ubuntu:apt-get install nodejs npm),再运行 make setup。"""

FAILED = """\
Setting up stopped at: {what}
If a package could not be fetched, check the network and the registry settings of pip and npm;
then run `make setup` again.

安装停在这一步:{what}
如果是软件包下载失败,请检查网络以及 pip、npm 的源设置,再运行 make setup。"""


class SetupError(Exception):
    """What is missing, in words for the person at the keyboard."""


def say(words: str) -> None:
    """Prints a step at once, so that a slow one is seen while it runs."""
    print(f"· {words}", flush=True)


def digest(*parts: str | Path) -> str:
    """The SHA-256 of the files' bytes and the strings, in their order."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        whole.update(b"\0")
    return whole.hexdigest()


def environment() -> dict[str, str]:
    """The environment for uv: this project's Python, never a download of one, the system's certificates."""
    env = {key: value for key, value in os.environ.items() if key not in {"PYTHONHOME", "PYTHONPATH"}}
    env.update(UV_PYTHON=str(PYTHON), UV_PYTHON_DOWNLOADS="never", VIRTUAL_ENV=str(VENV))
    env.setdefault("UV_SYSTEM_CERTS", "1")
    # compiled once here: a command that had to compile half of Django at each start would be a second slower
    env.setdefault("UV_COMPILE_BYTECODE", "1")
    return env


def run(*command: str | Path, tries: int = 1) -> None:
    """Runs a command in the project's folder; a later try follows a failed one, as registries hiccup."""
    for left in range(tries - 1, -1, -1):
        if subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode == 0:
            return
        if left:
            time.sleep(2)
    raise SetupError(FAILED.format(what=" ".join(str(word) for word in command)))


def locked(lock: str, name: str) -> str:
    """The lines of one package in a hashed lock."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)+.*\n", lock, re.MULTILINE)
    if not found:
        raise SetupError(FAILED.format(what=f"{name} is not in {LOCK.name} (make locks)"))
    return found.group(0)


def answers(*command: str | Path) -> bool:
    """Whether a program is there and runs."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """Makes .venv and puts the locked uv into it, unless a working one is there."""
    uv, activate = VENV / "bin" / "uv", VENV / "bin" / "activate"
    # A folder that was moved has scripts which still call the old place.
    at_home = activate.exists() and str(VENV) in activate.read_text(encoding="utf-8")
    if at_home and answers(PYTHON, "-c", "") and answers(uv, "--version"):
        return
    if not at_home or not answers(PYTHON, "-m", "pip", "--version"):
        say(f"making .venv with Python {sys.version.split()[0]}")
        venv.create(VENV, with_pip=True, clear=True, symlinks=True)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as only_uv:
        only_uv.write(locked(LOCK.read_text(encoding="utf-8"), "uv"))
        only_uv.flush()
        run(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes",
            "--requirement", only_uv.name, tries=TRIES)  # fmt: skip


def python_packages() -> None:
    """Installs exactly what requirements-dev.txt locks, then the project itself, editable."""
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = digest(LOCK, ROOT / "pyproject.toml", version, str(ROOT))
    stamp = VENV / STAMP
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    if inside and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    stamp.unlink(missing_ok=True)
    make_venv()
    uv = VENV / "bin" / "uv"
    say("Python packages")
    run(uv, "pip", "sync", "--quiet", "--require-hashes", LOCK, tries=TRIES)
    run(uv, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    run(PYTHON, "-m", "compileall", "-q", ROOT / "src")
    stamp.write_text(wanted, encoding="ascii")


def front_end_packages() -> None:
    """Installs exactly what package-lock.json locks."""
    wanted = digest(ROOT / "package-lock.json", ROOT / "package.json")
    stamp = MODULES / STAMP
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    npm = shutil.which("npm")
    if npm is None:
        raise SetupError(NO_NODE)
    say("front-end packages")
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", tries=TRIES)
    stamp.write_text(wanted, encoding="ascii")


def main() -> int:
    """0 when everything is in place; 1 after saying what is missing."""
    with LOCK.open(encoding="utf-8") as only_one:
        # Two set-ups of one folder at once would pull each other's packages away.
        fcntl.flock(only_one, fcntl.LOCK_EX)
        try:
            python_packages()
            front_end_packages()
        except SetupError as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
