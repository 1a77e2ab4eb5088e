"""`xiangyue user`: the first accounts of an instance, from the shell; the offices make later ones on their pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from xiangyue.site.cli import start_django

if TYPE_CHECKING:
    from xiangyue.people.models import User
    from xiangyue.places.models import Place

ROLES = (
    "county_office", "township_office", "village_office", "bearer", "department", "supervisor", "auditor", "keeper",
)  # fmt: skip


@click.group()
def command() -> None:
    """Accounts and roles: add, code, grant, withdraw, list. 账号与角色。"""


@command.command()
@click.argument("phone")
@click.option("--person", "person_code", help="Code of the person whose account it is (人员编码).")
@click.option("--role", type=click.Choice(ROLES), help="Give this role at once; needs --place.")
@click.option("--place", "place_code", help="Code of the place over which the role holds (区划编码).")
def add(phone: str, person_code: str | None, role: str | None, place_code: str | None) -> None:
    """Add an account that logs in by PHONE, and print its one-time code."""
    start_django()
    from django.db import transaction

    from xiangyue.people.actions.users import add_user
    from xiangyue.people.models import Person

    if bool(role) != bool(place_code):
        raise click.UsageError("--role 和 --place 要一起写。")
    with told(), transaction.atomic():
        person = None
        if person_code:
            person = Person.objects.filter(code=person_code).first()
            if person is None:
                raise click.ClickException(f"没有编码为“{person_code}”的人员。请先登记人员，或核对编码。")
        user = add_user(None, person, phone)
        if role and place_code:
            give(user, role, place_of(place_code))
        text = issued(user)
    # told when it is stored: whoever reads only the first line has an account all the same
    show_code(user, text)


@command.command()
@click.argument("phone")
def code(phone: str) -> None:
    """Issue a new one-time code for the account of PHONE and print it."""
    start_django()
    with told():
        user = user_of(phone)
        text = issued(user)
    show_code(user, text)


@command.command()
@click.argument("phone")
@click.argument("role", type=click.Choice(ROLES))
@click.argument("place_code", metavar="PLACE")
def grant(phone: str, role: str, place_code: str) -> None:
    """Give the account of PHONE the ROLE over PLACE (its code) and all below it."""
    start_django()
    with told():
        user, place = user_of(phone), place_of(place_code)
        give(user, role, place)
        click.echo(f"{user} 在{place.name}({place.code})已有角色“{role_words(role)}”。")


@command.command()
@click.argument("phone")
@click.argument("role", type=click.Choice(ROLES))
@click.argument("place_code", metavar="PLACE")
def withdraw(phone: str, role: str, place_code: str) -> None:
    """Take the ROLE over PLACE back from the account of PHONE."""
    start_django()
    from django.utils import timezone

    from xiangyue.people.actions.users import withdraw_role
    from xiangyue.people.giving import live_grants

    with told():
        user, place, today = user_of(phone), place_of(place_code), timezone.localdate()
        row = live_grants(user, today).filter(role=role, place=place).select_related("place").first()
        if row is None:
            raise click.ClickException(f"{user} 在{place.name}没有这个角色。用 xiangyue user list 看他有什么。")
        withdraw_role(None, row, scope=None, today=today)
        click.echo(f"已收回 {user} 在{place.name}({place.code})的“{role_words(role)}”。")


@command.command(name="list")
@click.option("--place", "place_code", default="", help="Only accounts with a role at or below this place (区划编码).")
def list_(place_code: str) -> None:
    """List accounts with their roles; phone numbers are masked."""
    start_django()
    from django.utils import timezone

    from xiangyue.base.dated import not_over
    from xiangyue.base.masking import mask_phone
    from xiangyue.people.models import RoleGrant

    with told():
        rows = RoleGrant.objects.filter(not_over(timezone.localdate()))
        if place_code:
            rows = rows.filter(place__path__startswith=place_of(place_code).path)
        rows = rows.select_related("user__person", "place").order_by("place__path", "role", "user_id")
        for row in rows:
            name = row.user.person.name if row.user.person else "—"
            state = "" if row.user.is_active else "\t已停用"
            phone = mask_phone(row.user.phone)
            click.echo(f"{name}\t{phone}\t{row.get_role_display()}\t{row.place.name}({row.place.code}){state}")


@contextmanager
def told() -> Iterator[None]:
    """A problem met inside is told in words, with exit code 1."""
    from xiangyue.base.problems import Problem

    try:
        yield
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem


def user_of(phone: str) -> User:
    """The account of that number."""
    from xiangyue.people.models import User
    from xiangyue.people.phones import plain_phone

    row = User.objects.select_related("person__place").filter(phone=plain_phone(phone)).first()
    if row is None:
        raise click.ClickException(f"没有手机号为“{phone}”的账号。请核对，或用 xiangyue user add 新建。")
    return row


def place_of(code: str) -> Place:
    """The place of that code."""
    from xiangyue.places.models import Place

    row = Place.objects.filter(code=code).first()
    if row is None:
        raise click.ClickException(f"没有编码为“{code}”的区划。县写6位、乡镇9位、村12位。")
    return row


def give(user: User, role: str, place: Place) -> None:
    """A role from today on, by nobody but the shell."""
    from django.utils import timezone

    from xiangyue.people.actions.users import grant_role

    grant_role(None, user, role, place, scope=None, today=timezone.localdate())


def role_words(role: str) -> str:
    """县级办公室 for county_office."""
    from xiangyue.base.roles import Role

    return str(Role(role).label)


def issued(user: User) -> str:
    """A new one-time code for the account."""
    from django.utils import timezone

    from xiangyue.people.actions.codes import issue_code

    return issue_code(None, user, scope=None, now=timezone.now())


def show_code(user: User, text: str) -> None:
    """Print a code with what to do."""
    click.echo(f"{user} 的一次性码：{text[:4]} {text[4:]}（7天内有效，只能用一次）")
    click.echo("在 /login/first/ 填手机号和这个码，然后设密码。")
