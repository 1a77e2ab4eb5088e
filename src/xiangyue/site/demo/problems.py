"""A demo county's problems of the last weeks: opened by inspections and at doors, mended, verified, overdue, looked at again.

Reports and steps are captures; what follows from them (deadlines, the way up, close-out) is the software's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from xiangyue.captures.envelope import seal
from xiangyue.captures.ids import new_id
from xiangyue.captures.intake import Actor, submit_many
from xiangyue.checks.models import Check
from xiangyue.people.grants import scope_of
from xiangyue.people.models import Organisation, User
from xiangyue.places.models import Level
from xiangyue.problems.access import actor_of
from xiangyue.problems.actions.looking import draw_looks, plan_looks
from xiangyue.problems.actions.reporting import report_problem
from xiangyue.problems.actions.stepping import Taken, take
from xiangyue.problems.actions.supplying import fitting, give
from xiangyue.problems.checks_found import open_from, read_asked
from xiangyue.problems.daily import escalate_overdue
from xiangyue.problems.kinds import kind_words
from xiangyue.problems.models import Problem, Supply
from xiangyue.rules.days import month_of, previous
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.county import Village
from xiangyue.site.demo.recipe import Built

WEEKS = {"small": 9, "full": 4}
"""How far back they go, by the demo's size."""
IN_TIME, LATE = 0.74, 0.95
"""Shares that are mended by the deadline, and by some days after it."""
VERIFIED = 0.9
DOORS = 4
"""One village in so many reports something at a door each week."""
AT_DOORS = (("firewood", "柴草堆在门口路边", "已归垛码齐"), ("sewage", "洗菜水直接泼在路上", "已改接下水"),
            ("rubbish", "墙根有几袋垃圾", "已清理干净"), ("manure", "粪堆没有苫盖", "已清运走"))  # fmt: skip
OFFERS = (("垃圾清运车", "rubbish,manure", 6, "车次"), ("边沟疏通", "sewage", 8, "处"), ("太阳能路灯", "facility", 20, "盏"),
          ("钩机台班", "sheds,firewood", 5, "台班"))  # fmt: skip

type Act = tuple[str, UUID, str, str]
"""Who (a person's code), the problem, the step, the words."""


@dataclass
class Lives:
    """What is still to happen, by day."""

    rng: random.Random
    acts: dict[date, list[Act]] = field(default_factory=dict)

    def plan(self, row: Problem, mender: str, verifier: str, words: str) -> None:
        """Draw when a problem is mended and verified, or not yet."""
        fate = self.rng.random()
        days = (row.deadline - row.reported_on).days
        if fate > LATE:
            return
        after = self.rng.randint(1, max(1, days)) if fate < IN_TIME else days + self.rng.randint(2, 12)
        mended = row.reported_on + timedelta(days=after)
        self.acts.setdefault(mended, []).append((mender, row.uuid, "mended", words))
        if self.rng.random() < VERIFIED:
            verified = mended + timedelta(days=self.rng.randint(1, 3))
            self.acts.setdefault(verified, []).append((verifier, row.uuid, "verified", ""))


def tell_problems(built: Built, weeks: int = 0, verifier: str = "") -> None:
    """The last weeks' problems, day by day until yesterday; `verifier`: who of the office verifies what villages mended."""
    rng = random.Random(f"problems/{built.county.code}")
    lives = Lives(rng)
    users = dict(User.objects.values_list("person__code", "pk"))
    villages = {village.code: village for village in built.county.villages}
    days = 7 * (weeks or WEEKS.get(built.size, 4))
    begin = built.today - timedelta(days=min(days, built.days or days))
    for day in _days(max(begin, built.first), built.today):
        _inspected(built, lives, villages, day, verifier)
        _at_doors(built, lives, users, day)
        _acted(lives, users, day)
        escalate_overdue(now=at(day, 6), ground_id=built.ground.pk)
    _looked_again(built, rng)
    _offered(built)


def _days(first: date, today: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((today - first).days))


def _inspected(built: Built, lives: Lives, villages: dict[str, Village], day: date, named: str) -> None:
    """The day's inspections, of villages and of their public places, open problems."""
    asked = read_asked(built.ground.pk, day)
    rows = Check.objects.filter(kind__in=asked, day=day, state=Check.State.COUNTED)
    subjects = set(rows.values_list("subject_id", flat=True))
    if not subjects:
        return
    made = open_from(built.ground.pk, asked, subjects, {day.year * 100 + day.month}, now=at(day, 18), until=day)
    for row in Problem.objects.filter(pk__in=made).select_related("place__village").order_by("pk"):
        at_spot = row.place.level == Level.PUBLIC_PLACE and row.place.village is not None
        village = villages.get(row.place.village.code if at_spot and row.place.village else row.place.code)
        if village:
            office = named or built.county.officials[village.township][-1]
            mender, verifier = (
                (village.committee[0], office)
                if village.committee
                else (office, str(built.office.person.code if built.office.person else office))
            )
            lives.plan(row, mender, verifier, "组织人手整改好了")


def _at_doors(built: Built, lives: Lives, users: dict[str, int], day: date) -> None:
    """Members report what they see at the doors that they answer for."""
    rng = random.Random(f"doors/{day}")
    borne: dict[str, list[str]] = {}
    for layer, person, _unit, target, *_rest in built.county.tables["duties"][1:]:
        if layer == "members":
            borne.setdefault(person, []).append(target)
    for village in built.county.rural:
        if rng.randrange(7 * DOORS) or not village.members or not borne.get(village.members[0]):
            continue
        member = village.members[0]
        kind, text, words = AT_DOORS[rng.randrange(len(AT_DOORS))]
        home = borne[member][rng.randrange(len(borne[member]))]
        answer = report_problem(
            Actor(users[member]), home, kind, text=text, source="field", made_at=at(day, 9), now=at(day, 9)
        )
        row = Problem.objects.filter(uuid=answer.id).first()
        if row is not None:
            lives.plan(row, member, village.committee[0], words)


def _acted(lives: Lives, users: dict[str, int], day: date) -> None:
    """The day's steps, those of one person in one sending."""
    by_person: dict[str, list[Act]] = {}
    for act in lives.acts.pop(day, []):
        by_person.setdefault(act[0], []).append(act)
    for person, some in sorted(by_person.items()):
        bodies = [{"problem": str(uuid), "step": step, "text": words, "base": 9} for _who, uuid, step, words in some]
        envelopes = [seal("problem_step", body, id=new_id(), made_at=at(day, 16)) for body in bodies]
        submit_many(envelopes, Actor(users[person]), now=at(day, 16))


def _looked_again(built: Built, rng: random.Random) -> None:
    """The last whole month's closed problems: drawn at the beginning of this one, some looked at since."""
    month = previous(month_of(built.today))
    planned, drawn = month.ends_on + timedelta(days=1), month.ends_on + timedelta(days=4)
    if drawn >= built.today:
        return
    named = {"number_name": f"示例彩票{drawn:%Y%m%d}期", "number_on": drawn}
    row = plan_looks(built.office.pk, built.ground, month.key, now=at(planned, 9), secret="demo-bamboo", **named)  # type: ignore[arg-type]
    draw_looks(built.office.pk, row.pk, "0734215", now=at(drawn, 10))
    team = User.objects.filter(person__code="S001").first()
    if team is None:
        return
    yesterday = built.today - timedelta(days=1)
    actor = actor_of(scope_of(team, yesterday))
    for pk in Problem.objects.filter(look="due").order_by("pk").values_list("pk", flat=True)[::2]:
        told = Taken("relapsed", "又堆上了，已告知村里") if rng.random() < 0.15 else Taken("fine", "看过，保持得住")
        take(actor, pk, told, now=at(yesterday, 11))


def _offered(built: Built) -> None:
    """What departments offer, and what of it was given to problems that went up."""
    units = list(Organisation.objects.filter(kind="department", place=built.ground).order_by("code")[: len(OFFERS)])
    yesterday = built.today - timedelta(days=1)
    known = kind_words(built.ground, built.today)
    for unit, (what, codes, amount, measure) in zip(units, OFFERS, strict=False):
        kinds = "、".join(known[code] for code in codes.split(",") if code in known)
        Supply.objects.create(
            ground=built.ground, organisation=unit, what=what, kinds=kinds, amount=amount, unit=measure,
            from_on=built.today - timedelta(days=30), made_by=built.office,
        )  # fmt: skip
    office = actor_of(scope_of(built.office, yesterday))
    up = Problem.objects.filter(state__in=("open", "working"), place__level=Level.VILLAGE, organisation=None)
    for row in up.exclude(tier="village").select_related("place").order_by("pk")[:6]:
        offer = fitting(row, yesterday).first()
        if offer is not None:
            give(office, row.pk, offer.pk, 1, now=at(yesterday, 15))
