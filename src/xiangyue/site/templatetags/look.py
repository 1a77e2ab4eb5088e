"""The look's own tags, `{% load look %}`: pictograms, figures, states, tiles, lines, panels; see docs/guide/look.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xiangyue.rules.numbers import half_up, show
from xiangyue.site.icons import FALLBACK, ICONS
from xiangyue.site.plots import NARROW, WIDE, plot_spread, plot_trend
from xiangyue.site.staticfiles import SPRITE
from xiangyue.site.tones import STATES, State

register = template.Library()

KNOWN = frozenset(ICONS)
SIZES = (("wide", WIDE), ("narrow", NARROW))
"""A picture is drawn twice; the sheet's width says which one is seen, so that its words keep their size."""
LEVELS = {
    "success": "circle-check", "info": "info-circle", "warning": "alert-triangle", "error": "circle-x",
    "debug": "info-circle", "amber": "alert-triangle", "bamboo": "circle-check", "cinnabar": "circle-x",
    "slate": "info-circle",
}  # fmt: skip


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    """A pictogram; with `words` it speaks to screen readers, without it is ornament beside words."""
    address = f"{static(SPRITE)}#{name if name in KNOWN else FALLBACK}"
    if words:
        return format_html('<svg class="y-icon" role="img" aria-label="{}"><use href="{}"/></svg>', words, address)
    return format_html('<svg class="y-icon" aria-hidden="true"><use href="{}"/></svg>', address)


@register.filter
def level_icon(level: str) -> str:
    """The pictogram of a message level or notice tone."""
    return LEVELS.get(str(level).split()[-1] if level else "info", "info-circle")


@register.filter
def score(hundredths: int | None) -> str:
    """8750 as 87.50; nothing as —."""
    return show(hundredths)


@register.filter
def there(rows: Iterable[Any], name: str) -> list[Any]:
    """The rows in which that attribute (or key) has a value."""
    return [row for row in rows if (row.get(name) if isinstance(row, dict) else getattr(row, name)) is not None]


@register.filter
def short(text: object, most: int) -> str:
    """A text of at most so many characters; what is left out is told by one mark of Chinese print."""
    words = str(text or "")
    return words if len(words) <= most else f"{words[: most - 1]}…"


@register.filter
def signed(hundredths: int | None) -> str:
    """150 as +1.50, -50 as −0.50, nothing as —."""
    if hundredths is None:
        return "—"
    return f"+{show(hundredths)}" if hundredths > 0 else show(hundredths).replace("-", "\N{MINUS SIGN}")


@register.filter
def grouped(number: int | Decimal | None) -> str:
    """31490 as 31,490; nothing as —."""
    return "—" if number is None else f"{number:,}"


@register.filter
def percent(part: int, whole: int) -> str:
    """`part` of `whole` in percent, in whole hundredths as every rate is; — without a whole."""
    return f"{show(half_up(10_000 * part, whole))}%" if whole else "—"


@register.filter
def width(part: int | None, whole: int) -> str:
    """`part` of `whole` as a CSS width between 0% and 100%."""
    if not whole or part is None:
        return "0%"
    return f"{max(0, min(10_000, half_up(10_000 * part, whole))) / 100:g}%"


@register.filter
def nth(row: Sequence[Any], index: int) -> Any:
    """The item of a sequence at `index` from 0; nothing past its end."""
    return row[index] if 0 <= index < len(row) else ""


@register.filter
def in_list(value: str, words: str) -> bool:
    """Whether the value is one of the words, which are parted by spaces."""
    return str(value) in words.split()


@register.filter
def unsigned(number: int) -> int:
    """The number without its sign."""
    return abs(number)


@register.simple_tag
def state(key: str, words: str = "") -> SafeString:
    """The badge of a state (`site/tones.py`): word, pictogram and colour together; `words` replaces the word."""
    known = STATES.get(str(key), State(str(key), "plain", "circle"))
    return format_html(
        '<span class="y-state y-state-{}">{}{}</span>', known.tone, icon(known.icon), words or known.words
    )


@register.simple_tag
def mark(colour: str) -> SafeString:
    """The mark of a board beside a name: a red square seal, a slate plaque, or nothing."""
    if colour == "red":
        return format_html('<span class="y-mark-red">{}</span>', _("红"))
    if colour == "black":
        return format_html('<span class="y-mark-black">{}</span>', _("黑"))
    return SafeString("")


def moved(delta: int | None, shown: str, since: str, good: str = "up") -> dict[str, str]:
    """How a change is told: arrow, word, tone; nothing to compare with is told too."""
    if delta is None:
        return {"arrow": "minus", "words": _("没有上期的数可比"), "tone": "plain"}
    if delta == 0:
        return {"arrow": "minus", "words": _("%s持平") % since, "tone": "plain"}
    up = delta > 0
    words = since + (_("升 %s") if up else _("降 %s")) % shown
    return {
        "arrow": "arrow-up" if up else "arrow-down",
        "words": words,
        "tone": "good" if up == (good == "up") else "bad",
    }


@register.inclusion_tag("site/parts/stat.html")
def stat(label: str, value: Any, unit: str = "", **more: Any) -> dict[str, Any]:
    """A figure with its unit and label; optional delta (int), scale ("score" for hundredths), good ("up"/"down"),
    since (words), note, url, icon."""
    delta, scale = more.get("delta"), more.get("scale", "")
    shown = "" if delta is None else show(abs(delta)) if scale == "score" else f"{abs(delta):,}"
    told = (
        moved(delta, shown, str(more.get("since") or _("比上月")), more.get("good", "up")) if "delta" in more else None
    )
    if scale == "score":
        value = show(value)
    elif isinstance(value, int):
        value = f"{value:,}"
    return {"label": label, "value": "—" if value is None else value, "unit": unit, "told": told, **more}


@register.inclusion_tag("site/parts/progress.html")
def progress(
    done: int, total: int, label: str = "", unit: str = "", tone: str = "bamboo", before: int | None = None
) -> dict[str, Any]:
    """A bar of `done` in `total`, with both figures and the share in words; behind it how far yesterday came."""
    return {"done": done, "total": total, "label": label, "unit": unit, "tone": tone, "before": before}


@register.inclusion_tag("site/parts/empty.html")
def empty(title: str, words: str = "", url: str = "", label: str = "", icon: str = "notes") -> dict[str, Any]:
    """What will be here and how to begin."""
    return {"title": title, "words": words, "url": url, "label": label, "icon": icon}


@register.inclusion_tag("site/parts/confirm.html", takes_context=True)
def confirm(
    context: template.Context, key: str, title: str, words: str, url: str, label: str, **more: Any
) -> dict[str, Any]:
    """A dialog that asks once and then posts to `url`; opened by any button with data-open="key"."""
    token = context.get("csrf_token", "")
    return {"key": key, "title": title, "words": words, "url": url, "label": label, "csrf_token": token, **more}


@register.inclusion_tag("site/parts/trend.html")
def trend(points: Sequence[tuple[str, int | None]], label: str = "", **more: Any) -> dict[str, Any]:
    """A line over (label, hundredths or None); also floor (hundredths), scale ("score"/"count"), unit."""
    scored, floor = more.get("scale", "score") == "score", more.get("floor")
    plots = [(size, plot_trend(points, score=scored, floor=floor, wide=wide)) for size, wide in SIZES]
    return {"plots": plots, "label": label, "unit": more.get("unit", _("分"))}


@register.inclusion_tag("site/parts/spread.html")
def spread(points: Sequence[tuple[str, int]], label: str = "", **more: Any) -> dict[str, Any]:
    """A strip of one dot a subject over (name, hundredths); `own` names the one to mark, low/high bound the axis."""
    own, low, high = more.get("own", ""), more.get("low"), more.get("high")
    plots = [(size, plot_spread(points, own=own, low=low, high=high, wide=wide)) for size, wide in SIZES]
    return {"plots": plots, "label": label}


@register.simple_block_tag
def notice(content: str, tone: str = "amber", title: str = "") -> SafeString:
    """A banner in the page's flow: amber (due), cinnabar (wrong), bamboo (done), slate (told)."""
    head = format_html("<strong>{}</strong> ", title) if title else ""
    picture = icon(level_icon(tone))
    return format_html(
        '<div class="y-notice y-notice-{}" role="note">{}<div>{}{}</div></div>', tone, picture, head, content
    )


@register.simple_block_tag
def panel(
    content: str, title: str = "", url: str = "", more: str = "", key: str = "", flush: bool = False
) -> SafeString:
    """A sheet with a heading; `url` and `more` put a link at its right, `flush` lets a table reach the edges."""
    link = format_html('<a href="{}">{}</a>', url, more or _("全部")) if url else ""
    head = format_html('<header class="y-panel-head"><h2>{}</h2>{}</header>', title, link) if title else ""
    own = format_html(' id="{}"', key) if key else ""
    kind = " y-panel-flush" if flush else ""
    return format_html(
        '<section class="y-panel{}"{}>{}<div class="y-panel-body">{}</div></section>', kind, own, head, content
    )
