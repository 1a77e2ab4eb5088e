"""The pages of notices: all that run, one as a timeline, objections to it, told, papers, in force, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, PEACH, WILLOW, Cast
from xiangyue.people.models import Person
from xiangyue.standings.actions.publication import propose, renew
from xiangyue.standings.notices import kinds as publication_kinds
from xiangyue.standings.notices.course import steps_of, versions_of
from xiangyue.standings.notices.kinds import PublicationKind, PublicTable
from xiangyue.standings.notices.models import Objection, Publication


@pytest.fixture
def shown(cast: Cast) -> Iterator[Publication]:
    """A list of two villages on notice since a week ago, for five days, whose subjects are told first."""
    kept = dict(publication_kinds.KINDS)
    publication_kinds.tie_kinds(PublicationKind("sample", "示例名单", told_first=True))
    yield notice(cast)
    publication_kinds.KINDS.clear()
    publication_kinds.KINDS.update(kept)


def notice(cast: Cast, key: str = "s", days_ago: int = 7, days: int = 5, kind: str = "sample") -> Publication:
    subjects = [cast.places[WILLOW], cast.places[PEACH]]
    now = timezone.now() - timedelta(days=days_ago)
    return propose(None, kind, cast.places[COUNTY], key, f"示例公示{key}", subjects, days, now=now)


def client_of(cast: Cast, role: str = "county_office") -> Client:
    client = Client()
    client.force_login(cast.users[role])
    return client


def page(cast: Cast, row: Publication, role: str = "county_office") -> str:
    answer = client_of(cast, role).get(reverse("standings:publication", args=[row.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def post(cast: Cast, name: str, pk: int, role: str = "county_office", **fields: str) -> int:
    return client_of(cast, role).post(reverse(f"standings:{name}", args=[pk]), fields).status_code


def test_the_list_says_how_many_days_are_left_and_what_comes_next(cast: Cast, shown: Publication) -> None:
    notice(cast, "t", days_ago=0)
    words = client_of(cast, "township_office").get(reverse("standings:publications")).content.decode()
    assert "示例公示s" in words
    assert "已期满" in words
    assert "5天" in words
    assert "可以办生效" in words
    assert "有 1 项公示已经期满" in words


def test_what_is_not_public_is_for_readers_on_the_ground(cast: Cast, shown: Publication) -> None:
    publication_kinds.tie_kinds(PublicationKind("inner", "内部名单", public=False))
    row = notice(cast, "x", kind="inner")
    address = reverse("standings:publication", args=[row.pk])
    assert client_of(cast, "auditor").get(address).status_code == 200
    assert client_of(cast, "bearer").get(address).status_code == 404
    assert "示例公示x" not in client_of(cast, "bearer").get(reverse("standings:publications")).content.decode()


def test_one_page_tells_the_whole_course(cast: Cast, shown: Publication) -> None:
    words = page(cast, shown)
    assert "还有2个对象没有告知" in words
    # a village tells its own
    assert post(cast, "tell", shown.pk, "village_office") == 302
    assert "还有1个对象没有告知" in page(cast, shown)
    assert post(cast, "tell", shown.pk) == 302
    assert post(cast, "paper", shown.pk, title="评审会纪要", number="示例〔2026〕3号", on="2026-10-09") == 302
    words = page(cast, shown)
    assert "《评审会纪要》" in words
    assert "示例〔2026〕3号" in words
    assert 'data-open="force"' in words
    assert post(cast, "put_in_force", shown.pk) == 302
    words = page(cast, shown)
    assert "第1版生效" in words
    assert "告知2个对象" in words
    shown.refresh_from_db()
    assert shown.state == Publication.State.IN_FORCE


def test_a_title_with_quotes_is_told_within_quotes(cast: Cast, shown: Publication) -> None:
    Publication.objects.filter(pk=shown.pk).update(title="“五星”支部")
    assert post(cast, "tell", shown.pk) == 302
    done = client_of(cast).post(reverse("standings:put_in_force", args=[shown.pk]), follow=True).content.decode()
    assert "“‘五星’支部”已生效。" in done


def test_a_version_that_takes_over_a_notice_stands_where_it_did_so(cast: Cast, shown: Publication) -> None:
    newer = renew(None, shown, reason="除名", now=shown.proposed_at + timedelta(days=6))
    steps = steps_of(versions_of(newer), lambda user: "", lambda row: "")
    assert [step.what for step in steps] == ["第2版接着第1版公示", "第1版不再公示", "第1版开始公示"]
    assert steps[1].at == steps[0].at == shown.proposed_at + timedelta(days=6)


def test_an_objection_is_taken_down_by_the_village_and_answered_by_the_office(cast: Cast, shown: Publication) -> None:
    row = notice(cast, "open", days_ago=0)
    told = {"subject": WILLOW, "by_name": "示例甲", "text": "少记一次检查"}
    assert post(cast, "object", row.pk, "village_office", **told) == 302
    assert post(cast, "object", row.pk, "village_office", **(told | {"subject": PEACH})) == 403
    assert post(cast, "object", row.pk, "village_office", **(told | {"subject": "无此编码"})) == 200
    objection = Objection.objects.get()
    assert "少记一次检查" in page(cast, row)
    # who reads no objections sees that one came in, not what it says
    assert "少记一次检查" not in page(cast, row, "bearer")
    assert post(cast, "answer", objection.pk, "village_office", upheld="1", answer="是") == 403
    assert post(cast, "answer", objection.pk, upheld="0", answer="核对无误") == 302
    words = page(cast, row)
    assert "核对无误" in words
    assert "异议不成立：" in words


def test_a_person_can_be_the_subject(cast: Cast, shown: Publication) -> None:
    row = notice(cast, "open", days_ago=0)
    person = Person.objects.filter(place__path__startswith=cast.places[COUNTY].path)[0]
    assert post(cast, "object", row.pk, subject=person.code, by_name="示例甲", text="漏了我") == 302
    assert Objection.objects.get().person == person


def test_a_notice_is_taken_back_with_a_reason(cast: Cast, shown: Publication) -> None:
    post(cast, "withdraw_notice", shown.pk, reason="")
    shown.refresh_from_db()
    assert shown.is_proposed
    post(cast, "withdraw_notice", shown.pk, reason="名单有误")
    shown.refresh_from_db()
    assert shown.state == Publication.State.WITHDRAWN
    assert "名单有误" in page(cast, shown)


def test_the_public_reads_every_kind_by_its_tables_and_how_to_object(cast: Cast, shown: Publication) -> None:
    table = PublicTable("示例县村级名单", ("村", "等次"), (("柳树村", "五星"), ("桃花村", "四星")))
    publication_kinds.tie_kinds(PublicationKind("open", "公开名单", rows=lambda row: (table,)))
    publication_kinds.tie_kinds(PublicationKind("inner", "内部名单", public=False))
    row, inner = notice(cast, "y", days_ago=0, kind="open"), notice(cast, "x", days_ago=0, kind="inner")
    listed = Client().get(reverse("public:notices", args=[COUNTY])).content.decode()
    assert "示例公示y" in listed
    assert "示例公示x" not in listed
    address = reverse("public:publication", args=[COUNTY, row.pk])
    with CaptureQueriesContext(connection) as caught:
        words = Client().get(address).content.decode()
    assert_budget("public:publication", len(caught))
    for told in ("五星", "怎么提异议", "示例县办公室", "第1版开始公示"):
        assert told in words
    assert Client().get(reverse("public:publication", args=[COUNTY, inner.pk])).status_code == 404
    post(cast, "withdraw_notice", row.pk, reason="名单有误")
    assert "五星" not in Client().get(address).content.decode()
    assert "示例公示y" not in Client().get(reverse("public:notices", args=[COUNTY])).content.decode()


def test_query_budgets_do_not_grow(cast: Cast, shown: Publication) -> None:
    client = client_of(cast)
    held = []
    for n in range(3):
        notice(cast, f"more{n}", days_ago=0)
        counts = []
        for name, args in (("publications", []), ("publication", [shown.pk])):
            address = reverse(f"standings:{name}", args=args)
            client.get(address)
            with CaptureQueriesContext(connection) as caught:
                client.get(address)
            assert_budget(f"standings:{name}", len(caught))
            counts.append(len(caught))
        held.append(counts)
    assert held[0] == held[1] == held[2]


def test_a_long_public_table_is_folded_by_township(cast: Cast, shown: Publication) -> None:
    rows = tuple((f"示例{n}村", "甲乡" if n % 3 else "乙镇", f"{5 - n % 5} 星") for n in range(61))
    table = PublicTable("评星", ("名称", "乡镇", "星级"), rows, "5 星 13 个", by="乡镇")
    publication_kinds.tie_kinds(PublicationKind("open", "公开名单", rows=lambda row: (table,)))
    row = notice(cast, "y", days_ago=0, kind="open")
    words = Client().get(reverse("public:publication", args=[COUNTY, row.pk])).content.decode()
    assert words.count("<details") == 2
    assert "甲乡 <small" in words
    assert "40 个" in words
    assert "21 个" in words
    assert all(f"示例{n}村" in words for n in range(61))
    short = PublicTable("评星", table.columns, rows[:60], by="乡镇")
    publication_kinds.tie_kinds(PublicationKind("open", "公开名单", rows=lambda row: (short,)))
    other = notice(cast, "z", days_ago=0, kind="open")
    assert "<details" not in Client().get(reverse("public:publication", args=[COUNTY, other.pk])).content.decode()
