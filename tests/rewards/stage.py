"""A year of the small county with awards, grades, performances and incentives: closed results put on file by set."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.cast import COUNTY, NOW, Cast, place
from xiangyue.agreements.in_force import digest_of
from xiangyue.duties.models import Duty
from xiangyue.people.models import RoleGrant, User
from xiangyue.places.models import Level, Place, PlaceClass
from xiangyue.rules.ranking import rank
from xiangyue.schemes import load
from xiangyue.standings.actions.publication import put_in_force, tell
from xiangyue.standings.models import Closing, Period, Result, Standing
from xiangyue.standings.notices.models import Publication

LATER = datetime(2026, 12, 31, 2, 0, tzinfo=UTC)
AFTER_NOTICE = LATER + timedelta(days=20)
YEAR = "2026"
MORE = """
[[composites]]
code = "villages_2"
name = "村年度总评"
level = "village"
period = "year"
mode = "months"
of = "village_month"
rated_months = 8

[[composites]]
code = "homes_2"
name = "农户年度总评"
level = "household"
period = "year"
mode = "months"
of = "household_month"
rated_months = 8

[[rankings]]
code = "villages_2_ranking"
name = "村年度总评排名"
composite = "villages_2"

[[awards]]
code = "village_2"
name = "先进村"
composite = "villages_2"
category = "villages"
classes = [
  { code = "model", name = "标兵村", places = 1, floor = 60 },
  { code = "advanced", name = "先进村", places = 2, floor = 60 },
  { code = "qualified", name = "达标村", places = 2, floor = 60 },
]
approval = "示例-未报批"

[[performances]]
code = "members_2"
name = "党员包户履职"
layer = "members"
parts = [
  { code = "outcomes", name = "所包农户成绩", weight = 40, required = true },
  { code = "progress", name = "所包农户进步", weight = 20 },
  { code = "problems", name = "问题按期销号", weight = 20 },
  { code = "visits", name = "走访", weight = 20 },
]
factors = [
  { floor = 90, factor = 1.2 },
  { floor = 75, factor = 1 },
  { floor = 0, factor = 0.8 },
]
composite = "homes_2"

[[performances]]
code = "departments_2"
name = "部门企业包村履职"
layer = "departments"
parts = [
  { code = "outcomes", name = "所包村成绩", weight = 50 },
  { code = "village_secret", name = "联合督查", weight = 50 },
]
composite = "villages_2"

[[gradings]]
code = "secretary_2"
name = "村书记年度等次"
basis = "composite"
of = "villages_2"
post = "village_secretary"
category = "villages"
grades = [
  { code = "excellent", name = "优秀", floor = 90, places = 1 },
  { code = "good", name = "良好", floor = 80 },
]

[[gradings]]
code = "members_grade_2"
name = "党员包户等次"
basis = "performance"
of = "members_2"
grades = [
  { code = "good", name = "良好", floor = 80 },
  { code = "plain", name = "一般" },
]

[[gradings]]
code = "centre_2"
name = "党群服务中心规模"
basis = "entered"
of = "新建党群服务中心的规模"
grades = [
  { code = "large", name = "大型" },
  { code = "small", name = "小型" },
]

[[incentives]]
code = "year_2"
name = "年度奖补办法"
budgets = [
  { source = "county", name = "县财政", amount = 900000 },
  { source = "party", name = "党建经费", amount = 200000 },
]

[[incentives.rules]]
code = "model"
name = "标兵村奖补"
pick = { kind = "award", of = "village_2", values = ["model"] }
amount = 200000
source = "county"

[[incentives.rules]]
code = "advanced"
name = "先进村奖补"
pick = { kind = "award", of = "village_2", values = ["advanced"] }
amount = 100000
source = "county"

[[incentives.rules]]
code = "qualified"
name = "达标村奖补"
pick = { kind = "award", of = "village_2", values = ["qualified"] }
amount = 50000
source = "county"

[[incentives.rules]]
code = "secretary"
name = "优秀书记奖励"
pick = { kind = "grade", of = "secretary_2", values = ["excellent"] }
amount = 3000
source = "party"

[[incentives.rules]]
code = "cadres"
name = "标兵村干部奖励"
pick = { kind = "rank", of = "villages_2_ranking", low = 1, high = 1 }
amount = 1000
source = "party"
per_head = true

[[incentives.rules]]
code = "centre"
name = "大型服务中心补助"
pick = { kind = "grade", of = "centre_2", values = ["large"] }
amount = 150000
source = "party"

[[commendations]]
code = "model_bearers"
name = "标兵村包保人通报表扬"
pick = { kind = "award", of = "village_2", values = ["model"] }
layers = ["departments", "township_leaders"]
approval = "示例-未报批"
"""


def with_rewards(cast: Cast, more: str = MORE) -> Cast:
    """The cast whose scheme has awards, gradings, performances, incentives and a commendation of its own besides."""
    version = cast.scheme
    assert version is not None
    version.text = f"{version.text}\n{more}"
    version.digest = digest_of(version.text)
    version.save()
    load(version.text)
    return cast


def villages(cast: Cast, n: int) -> list[Place]:
    """`n` villages of 东河镇, new ones from 0301 on."""
    return [
        cast.places.get(f"9901001003{at:02d}")
        or place(cast, f"9901001003{at:02d}", f"示例{at}村", Level.VILLAGE, "990100100", PlaceClass.VILLAGE)
        for at in range(1, n + 1)
    ]


def closing(
    cast: Cast, figures: dict[str, dict[str, int]], key: str = YEAR, version: int = 1, state: str = "in_force"
) -> Closing:
    """A closed period with these results: composite → place code → result."""
    assert cast.scheme is not None
    starts, ends, kind = (
        (date(2026, 1, 1), date(2026, 12, 31), "year")
        if len(key) == 4
        else (date(2026, int(key[5:]), 1), date(2026, int(key[5:]), 28), "month")
    )
    period, _ = Period.objects.get_or_create(
        ground=cast.places[COUNTY], scheme=cast.scheme.code, key=key,
        defaults={"kind": kind, "starts_on": starts, "ends_on": ends},
    )  # fmt: skip
    Closing.objects.filter(period=period).update(state="superseded")
    row = Closing.objects.create(period=period, version=version, state=state, scheme_version=cast.scheme, closed_at=NOW)
    for composite, results in figures.items():
        _standing(cast, row, composite, results)
    return row


def _standing(cast: Cast, row: Closing, composite: str, results: dict[str, int]) -> None:
    standing = Standing.objects.create(
        closing=row, composite=composite, name=composite, level="village", digest="0" * 64, n_subjects=len(results),
        n_rated=len(results), mean=0,
    )  # fmt: skip
    ranks = rank(results.items())
    Result.objects.bulk_create(
        Result(
            standing=standing, subject=cast.places[code], group_code=COUNTY,
            category="households" if "-H" in code else "villages", own=result, paired=result, adjustments=0,
            result=result, rank=ranks[code],
        )
        for code, result in results.items()
    )  # fmt: skip


def in_force(cast: Cast, row: Any) -> None:
    """A list on notice, told to whom it concerns, brought in force after its days."""
    row.refresh_from_db()
    publication = Publication.objects.get(pk=row.publication_id)
    tell(cast.users["county_office"], publication, now=LATER)
    put_in_force(cast.users["county_office"], publication, now=AFTER_NOTICE)
    row.refresh_from_db()


def second_clerk(cast: Cast) -> User:
    """Another person of the county's office."""
    who = cast.people["P03"]
    user = User.objects.filter(person=who).first() or User.objects.create_user(who.phone, None, person=who)
    RoleGrant.objects.get_or_create(
        user=user, role="county_office", place=cast.places[COUNTY], defaults={"from_on": date(2026, 1, 1)}
    )
    return user


def bears(
    cast: Cast, layer: str, target: Place, *, person: str = "", unit: str = "", since: date = date(2026, 1, 1)
) -> None:
    """A duty of a person or an organisation for a target."""
    assert cast.scheme is not None
    Duty.objects.create(
        ground=cast.places[COUNTY], scheme=cast.scheme.code, layer=layer, target=target, from_on=since, created_at=NOW,
        person=cast.people[person] if person else None, organisation=cast.organisations[unit] if unit else None,
    )  # fmt: skip
