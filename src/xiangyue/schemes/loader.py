"""Reads a scheme: TOML in, frozen settings out, or every error with its line."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path as FilePath

from xiangyue.rules.settings import Scheme

from .errors import SchemeError, SchemeErrors, show_path
from .reading import Found, read

AT = re.compile(r"\(at line (\d+), column \d+\)$")
SYNTAX = {
    "Cannot overwrite a value": ("同一个键写了两次", "删去其中一个"),
    "Cannot declare": ("同一张表写了两次", "删去一张；列表里的每一张表用双方括号，例如 [[standards]]"),
    "Cannot mutate": ("这张表已经写完，不能再加键", "把键移到原来的表里"),
    "Expected '=' after a key": ("键后面缺等号", '键和值之间用等号，例如 name = "…"'),
    "Expected ']": ("表名缺右方括号", "补上 ] 或 ]]"),
    "Invalid value": ("值写法不对", "文字用英文双引号括起，数字不加单位"),
    "Invalid statement": ("这里应是键或表名", "键只用英文字母、数字和 _ -,表名用方括号括起"),
    "Invalid initial character for a key": ("键写法不对", "键只用英文字母、数字和 _ -"),
    "Unterminated string": ("文字缺右边的引号", "补上英文双引号"),
    "Unescaped": ("文字里的反斜杠写法不对", "反斜杠写成两个，或改用单引号"),
    "Illegal character '\\n'": ("引号里换了行，或缺右边的引号", "补上英文双引号，文字写在同一行"),
    "Illegal character": ("有不许用的字符", "删去看不见的控制字符"),
    "Unclosed array": ("列表没有写完", "补上右方括号 ],各项用英文逗号隔开"),
    "Unclosed inline table": ("花括号没有在同一行写完", "补上右花括号 }，各键用英文逗号隔开，不换行"),
    "Duplicate inline table key": ("花括号里同一个键写了两次", "删去其中一个"),
    "Expected newline": ("一行里有多余的内容", "一行只写一个键；检查引号、逗号是否用了中文标点"),
}


def load(text: str, *, source: str = "", judged: bool = False) -> Scheme:
    """The scheme that `text` (TOML) says; SchemeErrors with everything that is wrong in it.

    `judged`: it was judged when it was published, and is only read: what a later version of the software asks of a
    scheme must not keep a county from closing by the one that it has in force.
    """
    text = text.removeprefix("\ufeff")
    try:
        raw = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SchemeErrors([syntax_error(text, str(error))], source) from None
    except RecursionError:
        deep = SchemeError(1, "", "括号套得太深", "一层列表里只写一层花括号", "syntax")
        raise SchemeErrors([deep], source) from None
    found = Found()
    scheme = read(raw, found)
    if not judged:
        # read here, for a start that closes by a scheme in force judges none
        from .meaning import judge

        judge(scheme, found)
    if found.rows:
        # a sound scheme, as every one in force is, needs no parser of places
        from .positions import Positions

        positions = Positions(text)
        raise SchemeErrors(
            (
                SchemeError(positions.line(path), show_path(path), words, mend, id)
                for path, id, words, mend in found.rows
            ),
            source,
        )
    return scheme


def load_file(path: FilePath | str) -> Scheme:
    """The scheme in a file of UTF-8 TOML; SchemeErrors also for a file that is not UTF-8."""
    return load_bytes(FilePath(path).read_bytes(), source=str(path))


def load_bytes(data: bytes, *, source: str = "") -> Scheme:
    """The scheme that a file's bytes say; SchemeErrors also for bytes that are not UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = SchemeError(line, "", "文件不是 UTF-8 编码", "用编辑器另存为 UTF-8 编码", "encoding")
        raise SchemeErrors([wrong], source) from None
    return load(text, source=source)


def syntax_error(text: str, message: str) -> SchemeError:
    """What TOML itself refuses, with its line and the likeliest mend."""
    at = AT.search(message)
    line = int(at.group(1)) if at else text.rstrip().count("\n") + 1
    other = ("不合 TOML 写法", "对照 docs/formats/scheme.md 改写这一行")
    words, mend = next((said for start, said in SYNTAX.items() if message.startswith(start)), other)
    return SchemeError(line, "", words, mend, "syntax")
