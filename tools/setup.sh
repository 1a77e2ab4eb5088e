#!/bin/sh
# Finds a Python by running candidates (a name on the PATH may be a shim that does not work) and hands over to setup.py.
set -eu
cd "$(dirname "$0")/.."

fit='import sys, ensurepip, sqlite3, ssl, venv; sys.exit(sys.version_info < (3, 12))'

works() {
    "$1" -c "$fit" >/dev/null 2>&1
}

newest_first() {
    for found in "${HOME:-}"/.pyenv/versions/3.*/bin/python3 /usr/local/bin/python3.* /usr/bin/python3.* \
        /opt/homebrew/bin/python3.* /opt/python*/bin/python3; do
        case "$found" in *-config) continue ;; esac
        [ -x "$found" ] && printf '%s\n' "$found"
    done | sort -rV
}

if works .venv/bin/python; then
    exec .venv/bin/python tools/setup.py
fi
for candidate in ${PYTHON:-} python3.13 python3.12 python3.14 python3 python $(newest_first); do
    if works "$candidate"; then
        exec "$candidate" tools/setup.py
    fi
done

cat >&2 <<'WORDS'
Xiangyue needs Python 3.12 or newer with its venv module, and none was found that runs.
Install one (Debian 13, Ubuntu 24.04: apt-get install python3 python3-venv), or name one: make setup PYTHON=/path/to/python3.12

乡约需要 Python 3.12 或更高版本(含 venv 模块),本机没有找到可以运行的。
请先安装(Debian 13、Ubuntu 24.04:apt-get install python3 python3-venv),或者指明位置:make setup PYTHON=/路径/python3.12
WORDS
exit 1
