"""Writes the hashed locks of the Python packages, without any host in them, and the front end's lock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".venv" / "bin" / "uv"
COMPILE = ("pip", "compile", "pyproject.toml", "--universal", "--python-version=3.12", "--generate-hashes",
           "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet")  # fmt: skip


def compile_lock(target: str, *more: str) -> None:
    """Writes one lock; versions that are locked already stay unless --upgrade is given."""
    env = os.environ | {"UV_PYTHON": str(ROOT / ".venv" / "bin" / "python"), "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run([UV, *COMPILE, *more, f"--output-file={target}"], cwd=ROOT, env=env, check=True)
    print(f"· {target}")


def main(arguments: list[str]) -> int:
    """0 when all locks are written. `--upgrade` takes the newest versions allowed."""
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    compile_lock("requirements-dev.txt", "--group=dev", *upgrade)
    # The runtime lock is held to the versions of the other one: what is tested is what is run.
    compile_lock("requirements.txt", "--constraints=requirements-dev.txt", *upgrade)
    npm = shutil.which("npm")
    if npm:
        subprocess.run([npm, "install", "--package-lock-only", "--ignore-scripts"], cwd=ROOT, check=True)
        print("· package-lock.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
