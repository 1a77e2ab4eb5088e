"""A county of four townships with a staged review: the county of the cast, two townships more, Tumen's scheme."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from tests.cast import COUNTY, NOW, STREET, TOWN, Cast, person, place
from xiangyue.agreements.in_force import digest_of
from xiangyue.agreements.models import SchemeVersion
from xiangyue.captures.intake import Actor, Answer
from xiangyue.captures.models import Capture
from xiangyue.checks.actions import record_sheet
from xiangyue.people.models import Post, RoleGrant, User
from xiangyue.places.models import Level, Place, PlaceClass
from xiangyue.rules.sheet import Entry
from xiangyue.schemes import load, pack_text
from xiangyue.standings.reviews.facts import subjects_for
from xiangyue.standings.reviews.final import check_files
from xiangyue.standings.reviews.jury import add_juror, comment, record_ballot
from xiangyue.standings.reviews.models import Review, ReviewPlan, ReviewStageVersion, ReviewTeam
from xiangyue.standings.reviews.opening import add_member, open_review
from xiangyue.standings.reviews.planning import draw_plan, make_plan, turns_of
from xiangyue.standings.reviews.settings import kinds_of, scheme_for, standards_of
from xiangyue.standings.reviews.stages import open_stage, stage_of

BEGUN = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""When the review is opened and its plan made."""
DRAWN = datetime(2026, 11, 6, 2, 0, tzinfo=UTC)
MUTUAL = datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
NUMBER = "福利彩票双色球第2026128期开奖号码"
NORTH, SOUTH = "990100101", "990100102"
TOWNS = (TOWN, STREET, NORTH, SOUTH)
VILLAGES = 7
"""The community is in no category of the rating."""
SECRET = "0123456789abcdef"


def county(cast: Cast) -> Cast:
    """Two townships more (with two villages each), a deputy secretary in each of the four, and the scheme."""
    for code, name in ((NORTH, "北岭乡"), (SOUTH, "南湖乡")):
        place(cast, code, name, Level.TOWNSHIP, COUNTY, PlaceClass.RURAL)
        for n in (1, 2):
            place(cast, f"{code}20{n}", f"{name[:2]}{n}村", Level.VILLAGE, code, PlaceClass.VILLAGE)
    for n, town in enumerate(TOWNS):
        for kind, name in (("L", "副书记"), ("M", "组员")):
            code = f"R{kind}{n}"
            person(cast, code, f"{'甲乙丙丁'[n]}{name}", town, Post.Kind.TOWNSHIP_LEADER)
            row = User.objects.create_user(f"19900001{n}{'LM'.index(kind)}1"[:11], None, person=cast.people[code])
            RoleGrant.objects.create(
                user=row, role="township_office", place=cast.places[town], from_on=date(2026, 1, 1)
            )
            cast.users[code] = row
    scheme(cast)
    return cast


def scheme(cast: Cast, ground: str = COUNTY) -> SchemeVersion:
    """Tumen's scheme in force on a county."""
    text = pack_text("tumen")
    read = load(text)
    text = text.replace(read.ground, ground)
    return SchemeVersion.objects.create(
        ground=cast.places[ground], code=read.code, version=1, name=read.name, text=text, digest=digest_of(text),
        state="published", from_on=date(2026, 1, 1), created_at=NOW, published_at=NOW,
    )  # fmt: skip


def clerk(cast: Cast) -> User:
    """Who opens and finishes."""
    return cast.users["county_office"]


def opened(cast: Cast, *, leaders: bool = True) -> Review:
    """The year's review with its four teams."""
    code = load(pack_text("tumen")).code
    row = open_review(clerk(cast), cast.places[COUNTY], code, "three_stages", "2026", now=BEGUN)
    if leaders:
        for n, town in enumerate(TOWNS):
            team = team_of(row, town)
            add_member(clerk(cast), team, cast.people[f"RL{n}"], leads=True)
            add_member(clerk(cast), team, cast.people[f"RM{n}"])
    return row


def team_of(review: Review, township: str) -> ReviewTeam:
    """A township's team."""
    return ReviewTeam.objects.select_related("review__ground", "review__scheme_version", "township").get(
        review=review, township__code=township
    )


def planned(cast: Cast, review: Review) -> ReviewPlan:
    """Its plan, waiting for the number."""
    return make_plan(clerk(cast), review, number_name=NUMBER, number_on=date(2026, 11, 5), now=BEGUN, secret=SECRET)


def drawn(cast: Cast, review: Review, number: str = "03 11 17 20 25 31 + 08") -> ReviewPlan:
    """Its plan, drawn."""
    return draw_plan(clerk(cast), planned(cast, review), number=number, now=DRAWN)


def mutual(cast: Cast) -> tuple[Review, ReviewStageVersion]:
    """The review with its mutual stage open."""
    review = opened(cast)
    drawn(cast, review)
    return review, open_stage(clerk(cast), review, "mutual", now=MUTUAL)


def hand_in(
    cast: Cast, user: str, kind: str, subject: str, now: datetime, *, faults: int = 0, inspector: str = ""
) -> Answer:
    """A sheet through the entry that everyone uses, with so many of its items failed or lower."""
    actor = Actor(cast.users[user].pk, Capture.Channel.OFFICE)
    return record_sheet(
        actor, kind, subject, entries=entries(cast, kind, faults), inspector=inspector, made_at=now, now=now
    )


def entries(cast: Cast, kind: str, faults: int) -> tuple[Entry, ...]:
    """The first items of a kind's standard at less than their full points."""
    read = load(pack_text("tumen"))
    standard = read.standard(read.check_kind(kind).standard)
    found: list[Entry] = []
    for item in standard.items[:faults]:
        if item.kind == "deduct":
            found.append(Entry(item.code, item.steps[0].code))
        elif item.kind == "grade":
            lowest = min(item.grades, key=lambda grade: grade.points)
            found.append(Entry(item.code, grade=lowest.code))
        elif item.kind == "pass":
            found.append(Entry(item.code, failed=True))
    return tuple(found)


def all_turns(cast: Cast, review: Review, now: datetime = MUTUAL, kinds: int = 3) -> None:
    """Every team hands in its sheets (of so many kinds) for each of its villages; villages differ, and so do teams."""
    plan = ReviewPlan.objects.get(review=review, state="drawn")
    codes = [row[0] for row in subjects_for(review)]
    for team, subject in turns_of(plan):
        n = TOWNS.index(team)
        for kind in kinds_of(scheme_for(review), stage_of(review, "mutual"))[:kinds]:
            faults = codes.index(subject) % 4 + (1 if n == 0 else 0)
            answer = hand_in(cast, f"RL{n}", kind.code, subject, now, faults=faults)
            assert answer.state == "stored", answer


def departments(cast: Cast, review: Review, now: datetime) -> None:
    """The departments' stage filled: jury of five, sheets, ballot, comments."""
    stage = stage_of(review, "departments")
    for n in range(5):
        add_juror(clerk(cast), review, stage.code, name=f"评委{n}", unit=f"示例{n}局")
    codes = [row[0] for row in subjects_for(review)]
    for n, subject in enumerate(codes):
        for kind in kinds_of(scheme_for(review), stage):
            assert (
                hand_in(cast, "county_office", kind.code, subject, now, faults=n % 3, inspector="P02").state == "stored"
            )
        comment(
            clerk(cast), review, stage.code, Place.objects.get(code=subject), unit="示例1局", text="巷道整洁，广场管护要跟上",
            now=now,
        )  # fmt: skip
    record_ballot(
        clerk(cast), review, stage.code, held_on=now.date(), minutes="示例评审〔2026〕1号", came=5,
        votes={code: 5 - n % 4 for n, code in enumerate(codes)}, now=now,
    )  # fmt: skip


def county_stage(cast: Cast, review: Review, now: datetime, faults: int = 0) -> None:
    """The county's stage filled: a sheet and every item's file for each village."""
    stage = stage_of(review, "city")
    items = [item.code for row in standards_of(scheme_for(review), stage) for item in row.items]
    for n, (subject, *_rest) in enumerate(subjects_for(review)):
        (kind,) = kinds_of(scheme_for(review), stage)
        answer = hand_in(cast, "county_office", kind.code, subject, now, faults=n + faults, inspector="P02")
        assert answer.state == "stored", answer
        seen = {item: (number % 5 > 0, f"示档{number}号" if number % 5 else "") for number, item in enumerate(items)}
        check_files(clerk(cast), review, stage.code, Place.objects.get(code=subject), seen, now=now)


def later(days: int, start: datetime = MUTUAL) -> datetime:
    """So many days on."""
    return start + timedelta(days=days)
