"""Sample data for the page that shows the look; every name in it is made up and looks it."""

from __future__ import annotations

from typing import Any

from django import forms

from xiangyue.site.tones import STATES

FACES = ("office", "public", "field", "screen", "plain")

VILLAGES = (
    ("甲子村", 9412, 0),
    ("乙丑村", 9385, 3),
    ("丙寅村", 9385, -1),
    ("丁卯社区", 9120, 1),
    ("戊辰村", 9004, -2),
    ("己巳村", 8862, 0),
    ("庚午社区", 8740, 5),
    ("辛未村", 8611, -1),
    ("壬申村", 8455, 2),
    ("癸酉村", 8102, -4),
    ("甲戌村", 7933, 0),
    ("乙亥村", 7420, -3),
)
MONTHS = ("1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月")
SCORES = (8120, 8233, None, 8410, 8395, 8602, 8711, 8690, 8855, 9004)

FAULTS = (
    ("垃圾乱丢", "trash"),
    ("污水乱泼", "droplet"),
    ("柴草乱垛", "wood"),
    ("粪污乱堆", "poo"),
    ("棚舍乱搭", "building-cottage"),
    ("没有绿化", "plant"),
)


def ranks() -> list[dict[str, Any]]:
    """Twelve ranked villages and one unrated."""
    rows: list[dict[str, Any]] = []
    for name, value, moved in VILLAGES:
        rank = 1 + sum(1 for _, other, _ in VILLAGES if other > value)
        mark = "red" if rank <= 3 else "black" if value < 8000 else ""
        rows.append({"rank": rank, "name": name, "url": "#", "score": value, "moved": moved, "mark": mark})
    rows[4]["own"] = True
    rows.append({"rank": None, "name": "丙子村", "url": "#", "score": None, "moved": None, "mark": ""})
    return rows


def boards() -> list[dict[str, Any]]:
    """A red and a black board of villages, and one with nobody on it."""
    red = [
        {"rank": row["rank"], "name": row["name"], "place": "示例镇", "score": row["score"], "url": "#"}
        for row in ranks()[:3]
    ]
    black = [
        {
            "rank": 12,
            "name": "乙亥村",
            "place": "样板乡",
            "score": 7420,
            "url": "#",
            "why": "污水乱泼 6 处，柴草乱垛 4 处",
        },
        {"rank": 11, "name": "甲戌村", "place": "示例镇", "score": 7933, "url": "#", "why": "垃圾乱丢 5 处"},
    ]
    return [
        {
            "colour": "red",
            "title": "村级红榜",
            "period": "2026年10月",
            "state": "in_force",
            "rows": red,
            "note": "全县 92 个村和社区参评，取前 3 名，并列都上榜。",
            "url": "#",
        },
        {
            "colour": "black",
            "title": "村级黑榜",
            "period": "2026年10月",
            "state": "proposed",
            "until": "公示到 11月28日",
            "rows": black,
            "note": "80.00 分以下的末 2 名；正在整改的不列。",
            "url": "#",
        },
        {
            "colour": "red",
            "title": "农户红榜",
            "period": "2026年10月",
            "state": "draft",
            "rows": [],
            "note": "本村参评农户不足 20 户，不公布名单。",
        },
    ]


def table() -> dict[str, Any]:
    """A page of a long table with sorting, choosing and paging."""
    states = ("covered", "covered", "gap", "covered", "ended", "covered")
    rows = [
        {
            "url": "#",
            "key": str(i),
            "cells": [
                {"value": name},
                {"value": "示例镇" if i % 2 else "样板乡"},
                {"value": None, "state": states[i]},
                {"value": f"{412 + 31 * i:,}", "unit": "户"},
                {"value": f"{value / 100:.2f}"},
                {"value": "张示例" if states[i] == "covered" else None},
            ],
        }
        for i, (name, value, _) in enumerate(VILLAGES[:6])
    ]
    columns = [
        {"heading": "村/社区", "sort_url": "#"},
        {"heading": "乡镇/街道", "sort_url": "#"},
        {"heading": "包保"},
        {"heading": "农户", "kind": "number", "sort_url": "#"},
        {"heading": "上月得分", "kind": "number", "sort_url": "#", "sorted": "desc"},
        {"heading": "包保人"},
    ]
    links = [
        {"label": "1", "url": "#", "current": True},
        {"label": "2", "url": "#"},
        {"label": "3", "url": "#"},
        {"label": "…", "url": ""},
        {"label": "756", "url": "#"},
    ]
    page = {"count": 37778, "first": 1, "last": 50, "prev_url": "", "next_url": "#", "links": links}
    bulk = [
        {"name": "assign", "label": "指定包保人", "icon": "user-plus"},
        {"name": "export", "label": "导出", "icon": "download"},
    ]
    return {
        "caption": "村和社区",
        "columns": columns,
        "rows": rows,
        "page": page,
        "bulk": bulk,
        "bulk_url": "#",
        "fold": True,
    }


def filters() -> dict[str, Any]:
    """Search, two filters and one chip."""
    return {
        "search": {"name": "q", "value": "", "placeholder": "村名或12位区划代码"},
        "filters": [
            {"name": "town", "label": "乡镇/街道", "options": [("", "全部", True), ("1", "示例镇", False)]},
            {"name": "duty", "label": "包保", "options": [("", "全部", False), ("gap", "无人包保", True)]},
        ],
        "reset_url": "#",
        "chips": [{"label": "包保：无人包保", "url": "#"}],
    }


def steps() -> list[dict[str, Any]]:
    """The month's close, half-way."""
    return [
        {
            "title": "看缺什么",
            "state": "done",
            "words": "92 个村中 90 个有检查；2 个村没有记录，不参评。",
            "url": "#",
            "label": "看名单",
        },
        {
            "title": "预览结果",
            "state": "due",
            "words": "与上月相比：进前三的 1 个，落到末位的 2 个。",
            "url": "#",
            "label": "打开预览",
            "note": "预览不保存，随时可以退出。",
        },
        {"title": "关账", "state": "todo", "words": "关账后本月记录不再变动；要改须出新版本。"},
        {"title": "公示", "state": "todo", "words": "公示 5 个工作日，异议办结后生效。"},
    ]


def the_sum() -> dict[str, Any]:
    """A village's month, written out."""
    parts = [
        {"name": "农户日检查", "weight": 60, "value": 9012, "url": "#", "why": "412 户得分的平均，应查 420 户"},
        {"name": "乡镇明察", "weight": 30, "value": 8850, "url": "#", "why": "10月14日一次，25 项中扣 4 项"},
        {"name": "县级暗访", "weight": 10, "value": None, "why": "本月未抽到，不计入"},
    ]
    then = [{"sign": "+", "value": 50, "name": "加分：迎检路线整治", "url": "#", "why": "县整治办 10月20日记录"}]
    return {
        "parts": parts,
        "divisor": 90,
        "result": 8958,
        "then": then,
        "final": 9008,
        "why": "没有得分的组成不计入，权重按其余的算。",
    }


def events() -> list[dict[str, Any]]:
    """What happened to a period, newest first."""
    return [
        {
            "at": "11月21日 09:12",
            "who": "李示例（县整治办）",
            "what": "公布红黑榜",
            "detail": "公示到 11月28日",
            "url": "#",
        },
        {"at": "11月20日 17:40", "who": "李示例（县整治办）", "what": "关账", "detail": "第 1 版"},
        {"at": "11月20日 16:02", "who": "王样板（示例镇）", "what": "补录明察一次", "detail": "戊辰村"},
    ]


def chart() -> dict[str, Any]:
    """A chart with two lines."""
    own = [None if value is None else value / 100 for value in SCORES]
    county = [80.1, 80.9, 81.2, 82.0, 82.6, 83.9, 84.4, 85.0, 85.7, 86.3]
    series = [{"name": "戊辰村", "values": own}, {"name": "全县平均", "values": county}]
    return {
        "kind": "lines",
        "labels": MONTHS,
        "series": series,
        "unit": "分",
        "decimals": 2,
        "floor": 80,
        "words": "戊辰村与全县平均，1至10月",
    }


def samples() -> dict[str, Any]:
    """The whole context of the page that shows the look."""
    options = [
        {"label": "示例县", "url": "#", "depth": 0, "current": True},
        {"label": "示例镇", "url": "#", "depth": 1},
        {"label": "戊辰村", "url": "#", "depth": 2},
    ]
    task = {"title": "导入农户", "state": "running", "done": 21430, "total": 40000, "message": "正在核对第 21,430 行"}
    spread = [(f"示例村{i}", 7400 + (i * 37 * 53) % 2050) for i in range(92)]
    return {
        "ground_name": "示例县",
        "switcher": {"current": "示例县", "options": options},
        "crumbs": [("今天", "#"), ("考核期", "#"), ("2026年10月", "")],
        "ranks": ranks(),
        "boards": boards(),
        "table": table(),
        "filter": filters(),
        "steps": steps(),
        "sum": the_sum(),
        "events": events(),
        "trend_points": list(zip(MONTHS, SCORES, strict=True)),
        "spread_points": spread,
        "chart": chart(),
        "task": task,
        "task_done": {**task, "state": "done", "done": 40000, "message": "40,000 户已入册"},
        "faults": FAULTS,
        "state_keys": tuple(STATES),
        **forms_shown(),
    }


class SampleForm(forms.Form):
    """A field of each kind, one of them wrong."""

    name = forms.CharField(label="名称", help_text="写全称，如“示例镇戊辰村”。")
    code = forms.CharField(label="区划代码")
    kind = forms.ChoiceField(label="类别", choices=[("village", "行政村"), ("community", "社区")])
    since = forms.DateField(label="起始日", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ways = forms.MultipleChoiceField(
        label="检查方式", choices=[("a", "明察"), ("b", "暗访")], widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    told = forms.BooleanField(label="已告知本人", required=False)
    file = forms.FileField(label="名册", required=False, help_text="Excel（.xlsx）或 CSV，最大 40 MB。")

    def clean_code(self) -> str:
        """Twelve digits."""
        code = str(self.cleaned_data["code"])
        if len(code) != 12 or not code.isdigit():
            raise forms.ValidationError("区划代码要 12 位数字；请照民政部门的代码表抄写。")
        return code


class SampleLogin(forms.Form):
    """Phone number and password."""

    phone = forms.CharField(label="手机号", widget=forms.TextInput(attrs={"inputmode": "tel"}))
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def forms_shown() -> dict[str, forms.Form]:
    """The sample form with an error in it, and the log-in."""
    filled = SampleForm({"name": "戊辰村", "code": "2206", "kind": "village"})
    filled.is_valid()
    return {"form": filled, "login": SampleLogin()}
