"""A scheme is read like a document, edited as text or on forms, compared, and put in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.budgets import assert_budget
from tests.cast import COUNTY, TOWN, Cast
from xiangyue.agreements.actions.publishing import next_period
from xiangyue.agreements.document import document
from xiangyue.agreements.language import collections
from xiangyue.agreements.models import SchemeVersion
from xiangyue.agreements.sentences import SPOKEN, said
from xiangyue.agreements.words_stars import threshold_words
from xiangyue.base.models import Change
from xiangyue.rules.settings import Board
from xiangyue.schemes import lint, load, pack, pack_names, pack_text

pytestmark = pytest.mark.django_db
State = SchemeVersion.State


@pytest.fixture
def office(cast: Cast, client: Client) -> Client:
    """The county's clerk at the desk."""
    client.force_login(cast.users["county_office"])
    return client


@pytest.fixture
def draft(cast: Cast, office: Client) -> SchemeVersion:
    """A draft begun from the version in force."""
    assert cast.scheme
    response = office.post(reverse("agreements:draft", args=[cast.scheme.pk]))
    row = SchemeVersion.objects.get(state=State.DRAFT)
    assert response.headers["Location"] == reverse("agreements:form", args=[row.pk])
    return row


def save(office: Client, draft: SchemeVersion, text: str, base: str = "") -> Any:
    """Post the text as the editor does."""
    address = reverse("agreements:edit", args=[draft.pk])
    return office.post(address, {"text": text, "base": base or draft.digest})


def test_a_scheme_reads_like_a_document(cast: Cast, office: Client, django_assert_max_num_queries: Any) -> None:
    assert cast.scheme
    with django_assert_max_num_queries(30) as taken:
        page = office.get(reverse("agreements:read", args=[cast.scheme.pk])).content.decode()
    assert_budget("agreements:read", len(taken))
    scheme = load(cast.scheme.text)
    for standard in scheme.standards:
        for item in standard.items:
            assert item.name in page
    for word in ("示例,非官方", "÷ 100", "党员包户", "每天每个对象1次", "95.00", "干净", "200,000元"):
        assert word in page


@pytest.mark.parametrize("name", pack_names())
def test_every_pack_reads_like_a_document(name: str) -> None:
    page = document(pack(name))
    told = {section.key for section in page.sections}
    assert told - {"rules"} == {key for key in collections() if getattr(pack(name), key)}
    for section in page.sections:
        assert all(part.said for part in section.parts), section.key
    said = " ".join(words for section in page.sections for part in section.parts for words in part.said)
    assert "没有这一条" not in said
    beside = [finding for section in page.sections for part in section.parts for finding in part.findings]
    items = [line for s in page.sections for part in s.parts for area in part.areas for line in area.items]
    beside += [finding for line in items for finding in line.findings]
    beside += [finding for section in page.sections for finding in section.findings]
    assert len(beside) + len(page.apart) == len(page.findings)


def test_a_field_that_no_sentence_speaks_of_is_told_by_its_title(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = pack("linjiang")
    board = replace(scheme.boards[0], cure_days=11)
    assert not any(words.startswith("整改期") for words in said(board, scheme))
    monkeypatch.setitem(SPOKEN, Board, SPOKEN[Board].replace("cure_days", ""))
    assert "整改期（天）：“11”" in said(board, scheme)


def test_the_list_shows_versions_and_their_states(cast: Cast, office: Client, draft: SchemeVersion) -> None:
    page = office.get(reverse("agreements:schemes")).content.decode()
    assert page.count("<tr data-href") == 2
    assert "草稿" in page
    assert "已生效" in page
    bearer = Client()
    bearer.force_login(cast.users["bearer"])
    assert "草稿" not in bearer.get(reverse("agreements:schemes")).content.decode()
    assert bearer.get(reverse("agreements:read", args=[draft.pk])).status_code == 404


def test_one_draft_is_worked_on_at_a_time(cast: Cast, office: Client, draft: SchemeVersion) -> None:
    assert cast.scheme
    office.post(reverse("agreements:draft", args=[cast.scheme.pk]))
    assert SchemeVersion.objects.filter(state=State.DRAFT).count() == 1


def test_a_wrong_text_is_kept_and_told_by_line_field_and_mend(office: Client, draft: SchemeVersion) -> None:
    wrong = draft.text.replace("late_limit_days = 31", "late_limit_day = 31").replace("weight = 30", "weight = -1", 1)
    page = save(office, draft, wrong)
    told = page.context["told"]
    assert [line for _error, line in told] == ["late_limit_day = 31", "weight = -1"]
    assert [error.field for error, _line in told] == ["late_limit_day", "composites[1].components[0].weight"]
    assert all(error.mend in page.content.decode() for error, _line in told)
    draft.refresh_from_db()
    assert draft.text == wrong
    assert office.get(reverse("agreements:publish", args=[draft.pk])).status_code == 200
    assert SchemeVersion.objects.get(pk=draft.pk).state == State.DRAFT


def test_two_editors_do_not_overwrite_each_other(office: Client, draft: SchemeVersion) -> None:
    first = draft.text + "\n# 甲\n"
    assert save(office, draft, first, draft.digest).status_code == 302
    assert save(office, draft, draft.text + "\n# 乙\n", draft.digest).status_code == 409
    assert SchemeVersion.objects.get(pk=draft.pk).text == first


def test_versions_are_compared_item_by_item(cast: Cast, office: Client, draft: SchemeVersion) -> None:
    assert cast.scheme
    save(office, draft, draft.text.replace("late_limit_days = 31", "late_limit_days = 20"))
    page = office.get(reverse("agreements:compare", args=[draft.pk, cast.scheme.pk])).content.decode()
    assert "1处不同" in page
    assert "<del>早于31天的补录要人工核对</del>" in page
    assert "<ins>早于20天的补录要人工核对</ins>" in page


def test_a_draft_is_published_from_the_next_period_on(office: Client, draft: SchemeVersion) -> None:
    save(office, draft, draft.text.replace("late_limit_days = 31", "late_limit_days = 20"))
    address = reverse("agreements:publish", args=[draft.pk])
    assert "早于20天的补录" in office.get(address).content.decode()
    today = timezone.localdate()
    refused = office.post(address, {"from_on": today.isoformat(), "read": "on"})
    assert "不能从" in refused.content.decode()
    done = office.post(address, {"from_on": next_period(today).isoformat(), "read": "on"})
    assert done.headers["Location"] == reverse("agreements:read", args=[draft.pk])
    row = SchemeVersion.objects.get(pk=draft.pk)
    assert (row.state, row.version, row.from_on) == (State.PUBLISHED, 2, next_period(today))


def test_a_draft_page_gone_back_to_leads_to_what_was_published(
    cast: Cast, office: Client, draft: SchemeVersion
) -> None:
    save(office, draft, draft.text.replace("late_limit_days = 31", "late_limit_days = 20"))
    told = {"from_on": next_period(timezone.localdate()).isoformat(), "read": "on"}
    office.post(reverse("agreements:publish", args=[draft.pk]), told)
    for name in ("publish", "form", "edit"):
        again = office.get(reverse(f"agreements:{name}", args=[draft.pk]), follow=True)
        assert again.redirect_chain == [(reverse("agreements:read", args=[draft.pk]), 302)]
        assert "这一版已经发布" in again.content.decode()
    twice = office.post(reverse("agreements:publish", args=[draft.pk]), told, follow=True)
    assert "这一版已经发布" in twice.content.decode()
    bearer = Client()
    bearer.force_login(cast.users["bearer"])
    assert bearer.get(reverse("agreements:publish", args=[draft.pk])).status_code == 403


def test_a_scheme_against_the_law_is_not_published(office: Client, draft: SchemeVersion) -> None:
    save(office, draft, draft.text.replace('public = "consent"', 'public = "named"', 1))
    address = reverse("agreements:publish", args=[draft.pk])
    assert "不能发布" in office.get(address).content.decode()
    page = office.post(address, {"from_on": next_period(timezone.localdate()).isoformat(), "read": "on"})
    assert "方案不能发布" in page.content.decode()


def test_warnings_must_be_read_before_publishing(office: Client, draft: SchemeVersion) -> None:
    save(office, draft, draft.text.replace("days = 5", "days = 3"))
    assert any(finding.severity == "warn" for finding in lint(load(SchemeVersion.objects.get(pk=draft.pk).text)))
    address, day = reverse("agreements:publish", args=[draft.pk]), next_period(timezone.localdate()).isoformat()
    assert "请看完上面的提醒" in office.post(address, {"from_on": day}).content.decode()
    assert SchemeVersion.objects.get(pk=draft.pk).state == State.DRAFT
    assert office.post(address, {"from_on": day, "read": "on"}).status_code == 302


def test_a_townships_scheme_may_narrow_and_never_loosen(cast: Cast, client: Client) -> None:
    client.force_login(cast.users["township_office"])
    client.post(reverse("agreements:begin"), {"ground": TOWN, "pack": "linjiang"})
    draft = SchemeVersion.objects.get(state=State.DRAFT)
    assert draft.ground.code == TOWN
    head = 'code = "donghe"\nnarrows = "linjiang"'
    text = draft.text.replace('code = "linjiang"', head, 1).replace("late_limit_days = 31", "late_limit_days = 60")
    save(client, draft, text)
    address = reverse("agreements:publish", args=[draft.pk])
    first = {"from_on": date(2026, 6, 1).isoformat(), "read": "on"}
    assert "放宽了县方案" in client.post(address, first).content.decode()
    draft.refresh_from_db()
    save(client, draft, text.replace("late_limit_days = 60", "late_limit_days = 20"))
    assert client.post(address, first).status_code == 302
    assert SchemeVersion.objects.get(pk=draft.pk).code == "donghe"
    assert client.post(reverse("agreements:begin"), {"ground": COUNTY, "pack": "linjiang"}).status_code == 200


def test_a_draft_can_be_thrown_away_and_its_text_is_kept(office: Client, draft: SchemeVersion) -> None:
    office.post(reverse("agreements:discard", args=[draft.pk]))
    assert not SchemeVersion.objects.filter(pk=draft.pk).exists()
    line = Change.objects.get(act="scheme.discarded")
    assert line.before
    assert line.before["text"] == draft.text


def test_a_threshold_on_states_says_them_in_words() -> None:
    scheme = load(pack_text("qingfeng"))
    told = {one.code: threshold_words(one, scheme) for domain in scheme.ratings[0].domains for one in domain.thresholds}
    assert told["D03-14"] == "矛盾纠纷调处机制是“有”（所属项：D03-14）"
    assert told["D03-07"] == "村庄规划状态是“完成、纳入城镇规划、在评审”之一（所属项：D03-07）"
    assert told["D03-08"] == "户厕改造率不低于90.00%（所属项：D03-08）"
