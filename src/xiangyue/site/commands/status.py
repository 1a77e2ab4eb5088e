"""`xiangyue status`: what an instance holds, in figures."""

from __future__ import annotations

import json
from typing import Any

import click

from xiangyue.site.cli import start_django


@click.command()
@click.argument("ground", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(ground: str | None, as_json: bool) -> None:
    """Counts of places by level, households, people, duties by layer with coverage, checks, and every period's state.

    GROUND is a place's code; without it, every ground that has a scheme. 现状。
    """
    start_django()
    from xiangyue.site.keeping.status import grounds, status_of

    wanted = grounds(ground)
    if ground and not wanted:
        raise click.ClickException(f"没有编码为 {ground} 的辖区。用 xiangyue status 看有哪些。")
    told = [status_of(place) for place in wanted]
    if as_json:
        click.echo(json.dumps(told[0] if ground else told, ensure_ascii=False, indent=2, default=str))
        return
    if not told:
        click.echo("还没有数据。用 xiangyue load 载入，或 xiangyue demo linjiang 看演示。")
    for one in told:
        _print(one)


def _print(one: dict[str, Any]) -> None:
    click.echo(f"{one['name']}({one['ground']}),{one['today']}")
    places = "、".join(f"{row['name']} {row['n']:,}" for row in one["places"].values())
    click.echo(f"  区划：{places}")
    if one["coming"]["n"]:
        first = one["coming"]["from_on"]
        click.echo(f"  另有 {one['coming']['n']:,} 个区划和农户从 {first} 或以后起才有效，以上都不计。")
    states = "、".join(f"{row['name']} {row['n']:,}" for row in one["households"]["states"].values())
    click.echo(f"  农户：{one['households']['n']:,}({states})")
    click.echo(f"  人员：{one['persons']:,}；单位：{one['organisations']:,}；用户：{one['users']:,}")
    if one["scheme_from"]:
        click.echo(f"  方案从 {one['scheme_from']} 起施行，包保按那天算。")
    for layer in one["duties"]:
        share = f"{layer['covered']:,}/{layer['targets']:,}"
        click.echo(f"  包保 {layer['name']}:{layer['duties']:,} 条，包保人 {layer['bearers']:,}，覆盖 {share}")
    for kind in one["checks"]:
        click.echo(f"  {kind['name']} {kind['month']}:{kind['n']:,} 次计入")
    if one["texts"]["over"]:
        click.echo(f"  已到期、待清除的文字和照片：{one['texts']['over']:,} 条。服务开着时每天清晨自动清除。")
    for period in one["periods"]:
        digests = "、".join(f"{code} {digest[:12]}" for code, digest in period["digests"].items())
        click.echo(f"  {period['key']}:{period['state_name']} {period['version'] or ''} {digests}")
