"""Qinglang's 八整洁 titles: put forward by villages, voted on by a jury, handed out at three markets, looked after since.

What people put in is made up here: nominations, each juror's votes, signatures, the consent to be named. Who is chosen,
warned and taken down follows by the product's own acts.
"""

from __future__ import annotations

from datetime import date, timedelta

from xiangyue.people.models import Person, User
from xiangyue.places.models import Place
from xiangyue.rewards.contest_actions import add_goods, add_stop, open_contest, plan_goods, sign
from xiangyue.rewards.contest_models import Contest, ContestStop
from xiangyue.rewards.honour_actions import nominate, propose_honours
from xiangyue.rewards.honour_frame import title_on
from xiangyue.rewards.honour_models import Held, HonourLine, HonourList
from xiangyue.rewards.plaque_actions import buy, hang
from xiangyue.rules.days import Span
from xiangyue.site.demo.acts import at
from xiangyue.site.demo.county import Village
from xiangyue.site.demo.qinglang_captures import care_of, weak_months
from xiangyue.site.demo.qinglang_register import COUNTY, LEADERS, TOWN
from xiangyue.site.demo.recipe import Built
from xiangyue.site.demo.rewarding import in_force
from xiangyue.site.demo.titling import agree, elect, give_back, look_after
from xiangyue.standings.actions.publication_objections import answer, object_to

MONTH = 1
"""The titles go by the demo's second month, April; they are handed out in May, as reported."""
PUT_FORWARD = {"full": 4, "small": 2}
"""Households that a village puts forward for each title."""
JURORS, CAME = 15, 14
AGREE = 0.7
"""Share of those put forward that agree to be named in public."""
REASONS = {
    "yard": "庭院常年整洁，花草有人管护", "home": "屋里屋外收拾得整齐，带动邻里",
    "family": "积极参加集中整治，爱护公共环境", "cleanest": "月评查次次在前，厕所圈舍干净",
}  # fmt: skip
MARKETS = {
    "朗江集镇文化广场": ("431225212209", "431225212204", "431225212207", "431225212212", "431225212213"),
    "东城集镇": (
        "431225212214", "431225212215", "431225212216", "431225212217", "431225212219",
    ),
    "青朗集镇": ("431225212200", "431225212001", "431225212201", "431225212203"),
}  # fmt: skip
"""Market → the villages whose households go there; the first one is where it stands."""
GOODS = (("荣誉证书", "本", 1), ("洗衣粉", "袋", 2), ("劳动手套", "双", 2))
"""Of each so many a household."""
SPARE = 3
"""Plaques more than places, of each title."""
WITHDREW = 6
"""The month after which one household gives its title back of its own will."""


class Titles:
    """The titles of the township from nomination to what became of them, told as the months close."""

    def __init__(self, built: Built) -> None:
        self.built, self.office = built, built.office
        homes = Place.objects.filter(level="household").select_related("household")
        self.homes = {place.code: place for place in homes}

    def follow(self, span: Span) -> None:
        """What is done about titles once a period is in force."""
        if span.kind != "month":
            return
        first = self.built.first
        n = (span.starts_on.year - first.year) * 12 + span.starts_on.month - first.month
        if n == MONTH:
            self._give(span)
            self._hand_out(span)
        elif n > MONTH:
            day = span.ends_on + timedelta(days=12)
            if n == WITHDREW:
                give_back(self.built, day)
            look_after(self.built, day)

    def _give(self, span: Span) -> None:
        """Nominated, voted on, on notice for the scheme's days, in force."""
        day = span.ends_on + timedelta(days=11)
        wanted = self._wanted()
        mine = [one for by_title in wanted.values() for homes in by_title.values() for one in homes]
        agree(self.built, [self.homes[code] for code in mine], AGREE, day)
        for village in self.built.county.villages:
            secretary = User.objects.get(person__code=village.committee[0])
            for code, homes in wanted[village.code].items():
                rows = [(self.homes[one], REASONS[code]) for one in homes]
                nominate(secretary, self.built.ground, code, span.key, rows, now=at(day, 9))
        lists = []
        for honour in self.built.scheme.honours:
            quality = {one: -care_of(one) for by_title in wanted.values() for one in by_title[honour.code]}
            lists.append(elect(self.built, honour, span.key, day + timedelta(days=2), quality, self._jury(), CAME))
        lists = [propose_honours(self.office, row, now=at(day + timedelta(days=3), 9)) for row in lists]
        self._refuse_one(lists[0], day + timedelta(days=5))
        for row in lists:
            in_force(self.built, row, day + timedelta(days=9))

    def _wanted(self) -> dict[str, dict[str, list[str]]]:
        """Village → title → whom it puts forward: those that keep their homes best, by turns for one title each."""
        codes = [honour.code for honour in self.built.scheme.honours]
        each = PUT_FORWARD[self.built.size]
        return {village.code: self._best(village, codes, each) for village in self.built.county.villages}

    def _best(self, village: Village, codes: list[str], each: int) -> dict[str, list[str]]:
        states = self.built.county.states
        homes = [code for code, *_ in village.households if states[code] == "living"]
        homes = sorted(
            (code for code in homes if not weak_months(code) & {0, MONTH}), key=lambda one: (care_of(one), one)
        )
        return {code: homes[n : len(codes) * each : len(codes)] for n, code in enumerate(codes)}

    def _jury(self) -> list[str]:
        """Fifteen by name: the township's leaders, its inspectors, village secretaries."""
        county = self.built.county
        codes = county.officials[TOWN][:LEADERS] + county.officials[COUNTY]
        codes += [village.committee[n] for n in range(5) for village in county.villages]
        people = dict(Person.objects.filter(code__in=codes[:JURORS]).values_list("code", "name"))
        return [people[code] for code in codes[:JURORS]]

    def _refuse_one(self, row: HonourList, day: date) -> None:
        """A neighbour objects; the jury looks again, and the title stands."""
        line = row.lines.filter(outcome=HonourLine.Outcome.CHOSEN).select_related("place").order_by("position")[3]
        assert row.publication is not None
        held = object_to(
            self.office, row.publication, line.place, text="认为该户柴草码放不整齐。", by_name="同组村民（示例）",
            now=at(day, 9),
        )  # fmt: skip
        words = "评审组当天到户复核，柴草农具已归置整齐，照片和记录在案，维持名单。"
        answer(self.office, held, False, words, now=at(day + timedelta(days=1), 16))

    def _hand_out(self, span: Span) -> None:
        """The contest at three markets in turn: plaques and goods against a signed list; then the plaques hang."""
        day = span.ends_on + timedelta(days=15)
        scheme, ground = self.built.scheme, self.built.ground
        contest = open_contest(
            self.office, ground, "“八整洁户”评选表彰", span.key, [honour.code for honour in scheme.honours],
            approval=f"示例-会评组〔{day.year}〕5号", now=at(day, 9),
        )  # fmt: skip
        bought = day + timedelta(days=4)
        for honour in scheme.honours:
            numbers = [f"{day.year}-{n + 1:03d}" for n in range(honour.places + SPARE)]
            buy(self.office, title_on(ground, scheme.code, honour.code, day), numbers, on=bought, today=bought)
        total = Held.objects.live().count()
        for name, unit, n in GOODS:
            add_goods(self.office, contest, name, unit, n * (total + SPARE))
        on = day + timedelta(days=6)
        for market, villages in MARKETS.items():
            place = Place.objects.filter(code=villages[0]).first()
            if place is not None:
                self._stop(contest, add_stop(self.office, contest, place, market, on=on), villages)
                on += timedelta(days=2)
        hung = on + timedelta(days=1)
        hang(self.office, Held.objects.live().values_list("pk", flat=True), on=hung, today=hung, spot="大门右侧")

    def _stop(self, contest: Contest, stop: ContestStop, villages: tuple[str, ...]) -> None:
        """Goods for each household of these villages; they sign on the day, a few one market later."""
        held = Held.objects.live().filter(place__village__code__in=villages).select_related("place__household")
        rows = list(held.order_by("place__path"))
        each = {name: n for name, _unit, n in GOODS}
        goods = {row.pk: each[row.name] for row in contest.goods.all()}
        plan_goods(self.office, stop, [row.pk for row in rows], goods, today=stop.on - timedelta(days=1))
        names = {row.place_id: row.place.household.head_name for row in rows}
        late = {place: f"{name}（家属代领）" for place, name in list(names.items())[7::20]}
        soon = {place: name for place, name in names.items() if place not in late}
        for signed, on in ((soon, stop.on), (late, stop.on + timedelta(days=2))):
            if signed:
                sign(self.office, stop, signed, on=on, today=on, with_plaques=True)
