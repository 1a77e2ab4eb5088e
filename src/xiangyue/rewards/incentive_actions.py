"""Incentive plans: drafted from what is held, approved by a second person, paid line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum

from xiangyue.base import changes
from xiangyue.base.bulk import insert_rows
from xiangyue.base.problems import Problem
from xiangyue.base.writes import alone, write
from xiangyue.places.models import Place
from xiangyue.rewards import problems, working
from xiangyue.rewards.edition import State
from xiangyue.rewards.incentive_facts import NO_HEADS, NO_LIST, Holdings, holdings, payees, picks_of
from xiangyue.rewards.incentive_models import IncentivePlan, Payment, PlanLine
from xiangyue.rewards.publishing import basis_states
from xiangyue.rewards.working import LOCK, Work, work_on
from xiangyue.rules import incentives as rule
from xiangyue.rules.days import local_day, year_of
from xiangyue.rules.settings import Budget, Incentives

if TYPE_CHECKING:
    from xiangyue.people.models import User

NAMED = 12
"""So many are named in a refusal."""
LINE = (
    "plan", "subject", "place", "person", "organisation", "name", "where", "path", "rule", "rule_name", "source",
    "amount", "heads", "under", "aside", "why",
)  # fmt: skip


def incentives_of(work: Work, code: str) -> Incentives:
    """The incentives of that code in the scheme; Problem otherwise."""
    found = next((row for row in work.scheme.incentives if row.code == code), None)
    if found is None:
        raise Problem(problems.NO_SUCH_LIST, code=code, what="奖补办法")
    return found


def draft_plan(
    actor: User | None, ground: Place, code: str, key: str, *, now: datetime, scheme: str = "", reason: str = ""
) -> IncentivePlan:
    """A new version of what the incentives pay for the period; it pays nothing before a second person approves it."""
    work = work_on(ground, key, scheme)
    settings = incentives_of(work, code)
    with write():
        alone(LOCK)
        found = holdings(work, picks_of(settings))
        held = payees(work, settings, found)
        planned = rule.plan(held.values(), found.held, with_what_is_left(work, settings))
        if not (planned.lines or planned.set_aside) and not _drafted_before(work, settings):
            # once a plan is on file a new version may well find nobody any more
            raise Problem(problems.NOBODY, name=f"{settings.name}（{work.span.name}）")
        return _store(actor, work, settings, found, held, planned, now, reason)


def _drafted_before(work: Work, settings: Incentives) -> bool:
    plans = IncentivePlan.objects.filter(ground=work.ground, scheme=work.code, code=settings.code, key=work.span.key)
    return plans.exists()


def with_what_is_left(work: Work, settings: Incentives) -> Incentives:
    """The incentives with their budgets less what other approved plans of the calendar year take from them."""
    year = year_of(work.span.ends_on).key
    lines = PlanLine.objects.filter(
        plan__ground=work.ground, plan__scheme=work.code, plan__code=settings.code, plan__state=State.IN_FORCE,
        plan__key__startswith=year, aside=False,
    ).exclude(plan__key=work.span.key)  # fmt: skip
    used = dict(lines.values_list("source").annotate(total=Sum("amount")))
    if not used:
        return settings
    budgets = tuple(
        replace(row, name=f"{row.name}（全年 {rule.yuan(row.amount)}，已批 {rule.yuan(used[row.source])}）",
                amount=max(0, row.amount - used[row.source])) if used.get(row.source) else row
        for row in settings.budgets
    )  # fmt: skip
    return replace(settings, budgets=budgets)


def _store(
    actor: User | None, work: Work, settings: Incentives, found: Holdings, held: Mapping[str, rule.Payee],
    planned: rule.IncentivePlan, now: datetime, reason: str,
) -> IncentivePlan:  # fmt: skip
    rows = [(line, False) for line in planned.lines] + [(line, True) for line in planned.set_aside]
    digest = working.digest_of(
        work,
        f"incentives:{settings.code}",
        [(line.subject, line.rule, line.amount, line.source, "aside" if aside else "") for line, aside in rows],
    )
    number = working.next_version(IncentivePlan, actor, work, {"code": settings.code}, digest)
    names = {row.code: row.name for row in settings.rules}
    plan = IncentivePlan.objects.create(
        ground=work.ground, scheme=work.code, scheme_version=work.version, code=settings.code, key=work.span.key,
        name=settings.name, version=number, digest=digest, basis=[list(one) for one in found.basis.values()],
        made_at=now, made_by=actor, reason=reason.strip()[:200], total=planned.total,
        totals=totals_of(planned, found, names), findings=findings_of(settings, found, held, planned),
    )  # fmt: skip
    insert_rows(PlanLine, LINE, [_line(plan.pk, line, aside, found, held, names) for line, aside in rows])
    after = {"total": rule.yuan(planned.total), "lines": len(planned.lines), "digest": digest}
    working.log(actor, "incentive_plan.drafted", plan, after, reason)
    return plan


def totals_of(planned: rule.IncentivePlan, found: Holdings, names: Mapping[str, str]) -> dict[str, Any]:
    """The totals by rule, place and source, with names."""
    called = {who.under: who.under_name for who in found.who.values()}
    return {
        "rule": [[code, names[code], n, fen] for code, n, fen in planned.by_rule],
        "place": [[code, called.get(code, code), fen] for code, fen in planned.by_place],
        "source": [[row.source, row.name, row.budget, row.amount, row.over] for row in planned.by_source],
    }


def findings_of(
    settings: Incentives, found: Holdings, held: Mapping[str, rule.Payee], planned: rule.IncentivePlan
) -> list[list[str]]:
    """Over a budget, or heads that nobody entered: it can't be approved; results that are not there: it is told."""
    rows = [[one.id, one.subject, one.words] for one in planned.findings]
    rows += [[NO_LIST, "", f"{words}，按它奖补的规则这一版不发。"] for words in found.missing]
    per_head = {row.code for row in settings.rules if row.per_head}
    bare = sorted({line.subject for line in planned.lines if line.rule in per_head and held[line.subject].heads == 0})
    names = "、".join(found.who[code].name for code in bare[:5])
    if bare:
        rows.append([NO_HEADS, "", f"{names}等 {len(bare)} 个对象还没有登记人数，请先登记。"])
    return rows


def _line(
    pk: int, line: rule.Line, aside: bool, found: Holdings, held: Mapping[str, rule.Payee], names: Mapping[str, str]
) -> tuple[Any, ...]:
    who = found.who[line.subject]
    return (
        pk, who.subject, who.place_id, who.person_id, who.organisation_id, who.name[:80], who.where[:80], who.path,
        line.rule, names[line.rule], line.source, line.amount, held[line.subject].heads, line.place, aside,
        line.why[:300],
    )  # fmt: skip


def as_rule(plan: IncentivePlan, lines: Iterable[PlanLine]) -> rule.IncentivePlan:
    """A stored plan as the rules take it."""
    from xiangyue.rules.findings import Finding

    rows = [(rule.Line(row.subject, row.rule, row.under, row.source, row.amount, row.why), row.aside) for row in lines]
    return rule.IncentivePlan(
        tuple(line for line, aside in rows if not aside),
        tuple(line for line, aside in rows if aside),
        plan.total,
        tuple((code, n, fen) for code, _name, n, fen in plan.totals["rule"]),
        tuple((code, fen) for code, _name, fen in plan.totals["place"]),
        tuple(rule.Source(*row) for row in plan.totals["source"]),
        tuple(Finding(*row) for row in plan.findings if row[0] != NO_LIST),
    )


def obstacles(plan: IncentivePlan) -> list[str]:
    """Everything that keeps a drafted plan from being approved now, in words."""
    words = [row[2] for row in plan.findings if row[0] != NO_LIST]
    for name, newer, state in basis_states(plan):
        if newer:
            words.append(f"所依据的{name}已有新版本，请重新拟定。")
        elif state != "in_force":
            words.append(f"所依据的{name}还没有生效，生效后才能审批。")
    return words


def approve_plan(actor: User | None, plan: IncentivePlan, *, now: datetime) -> IncentivePlan:
    """The plan approved by another person than who drafted it; payments of the version before are taken over."""
    with write():
        alone(LOCK)
        row = IncentivePlan.objects.select_related("ground", "scheme_version").get(pk=plan.pk)
        if row.state != State.DRAWN:
            label = State(row.state).label
            raise Problem(problems.WRONG_STATE, name=row.title, version=row.version, state=label, act="审批")
        if actor is None or actor.pk == row.made_by_id:
            raise Problem(problems.SAME_PERSON, name=row.title)
        if words := obstacles(row):
            raise Problem(problems.CANNOT_APPROVE, why="".join(words))
        again = with_what_is_left(work_on(row.ground, row.key, row.scheme), _settings(row))
        _within(again, row)
        refusals = rule.approval_refusals(as_rule(row, row.lines.all()), str(row.made_by_id), str(actor.pk))
        if refusals:
            raise Problem(problems.CANNOT_APPROVE, why="".join(one.words for one in refusals))
        _take_over(row)
        row.state, row.approved_at, row.approved_by = State.IN_FORCE, now, actor
        row.save(update_fields=["state", "approved_at", "approved_by"])
        working.log(actor, "incentive_plan.approved", row, {"total": rule.yuan(row.total)})
    return row


def _settings(row: IncentivePlan) -> Incentives:
    return incentives_of(work_on(row.ground, row.key, row.scheme), row.code)


def _within(settings: Incentives, row: IncentivePlan) -> None:
    """What was approved since it was drafted counts too."""
    budgets: dict[str, Budget] = {one.source: one for one in settings.budgets}
    for code, name, _budget, amount, _over in row.totals["source"]:
        left = budgets[code].amount if code in budgets else 0
        if amount > left:
            words = f"{name}只剩 {rule.yuan(left)}，方案要 {rule.yuan(amount)}。请重新拟定。"
            raise Problem(problems.CANNOT_APPROVE, why=words)


def _names(payments: Sequence[Payment]) -> str:
    """Whose payments they are, so that each is found among hundreds; a long list is cut."""
    return "、".join(one.line.name for one in payments[:NAMED]) + ("…" if len(payments) > NAMED else "")


def _take_over(row: IncentivePlan) -> None:
    """What was paid by the version in force stands by the same line of this one; anything else is reversed first."""
    same = IncentivePlan.objects.filter(ground=row.ground, scheme=row.scheme, code=row.code, key=row.key)
    older = same.filter(state=State.IN_FORCE).first()
    if older is not None:
        mine = {(line.subject, line.rule, line.amount): line for line in row.lines.filter(aside=False)}
        paid = list(Payment.objects.filter(line__plan=older, reversed_at=None).select_related("line"))
        strange = [one for one in paid if (one.line.subject, one.line.rule, one.amount) not in mine]
        if strange:
            raise Problem(problems.PAID_DIFFERENTLY, n=len(strange), example=_names(strange))
        for one in paid:
            one.line = mine[one.line.subject, one.line.rule, one.amount]
        Payment.objects.bulk_update(paid, ["line"], batch_size=500)
    same.exclude(pk=row.pk).exclude(state=State.SUPERSEDED).filter(version__lt=row.version).update(
        state=State.SUPERSEDED
    )


def mark_paid(
    actor: User | None, plan: IncentivePlan, line_ids: Sequence[int], *, paid_on: date, voucher: str, now: datetime
) -> int:
    """The chosen lines paid on a day under a voucher; gives how many were new."""
    if not voucher.strip():
        raise Problem(problems.NO_VOUCHER, what="凭证号")
    if paid_on > local_day(now):
        raise Problem(problems.FUTURE_DAY, day=paid_on)
    with write():
        alone(LOCK)
        row = IncentivePlan.objects.select_related("ground").get(pk=plan.pk)
        paid = Q(pk__in=Payment.objects.filter(line__plan=row, reversed_at=None).values("line"))
        lines = list(row.lines.filter(pk__in=list(line_ids), aside=False).exclude(paid))
        if row.state != State.IN_FORCE or not lines:
            raise Problem(problems.NOT_PAYABLE)
        Payment.objects.bulk_create(
            Payment(line=line, amount=line.amount, paid_on=paid_on, voucher=voucher.strip()[:60], recorded_at=now,
                    recorded_by=actor)
            for line in lines
        )  # fmt: skip
        told = {"paid_on": paid_on.isoformat(), "voucher": voucher.strip()[:60]}
        table = PlanLine._meta.label_lower
        changes.log_many(
            (("plan_line.paid", table, str(line.pk), row.ground.path, None, {**told, "amount": line.amount})
             for line in lines), actor.pk if actor else None,
        )  # fmt: skip
    return len(lines)


def reverse_payment(actor: User | None, payment: Payment, *, reason: str, now: datetime) -> Payment:
    """A payment reversed, with a reason: it counts as not made, and its line can be paid again."""
    if not reason.strip():
        raise Problem(problems.NEEDS_REASON)
    with write():
        row = Payment.objects.select_for_update(of=("self",)).select_related("line__plan__ground").get(pk=payment.pk)
        if row.reversed_at is not None:
            raise Problem(problems.ALREADY_REVERSED)
        row.reversed_at, row.reversed_by, row.reverse_reason = now, actor, reason.strip()[:200]
        row.save(update_fields=["reversed_at", "reversed_by", "reverse_reason"])
        path = row.line.plan.ground.path
        after = {"voucher": row.voucher, "amount": row.amount}
        changes.log(actor.pk if actor else None, "payment.reversed", row, path=path, after=after, reason=reason[:200])
    return row
