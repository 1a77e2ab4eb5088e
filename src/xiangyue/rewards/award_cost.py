"""What an award list costs by the amounts of the scheme's incentives, and how much of it ties at a cut make."""

from __future__ import annotations

from xiangyue.agreements.in_force import scheme_of
from xiangyue.rewards.award_models import AwardList
from xiangyue.rewards.working import rows_of
from xiangyue.rules.awards import Cost, cost
from xiangyue.rules.settings import Award, Scheme


def cost_of(row: AwardList) -> Cost | None:
    """The cost of an award's classes on the results that they were drawn from; None where nothing is paid for them."""
    scheme = scheme_of(row.scheme_version)
    award = next((one for one in scheme.awards if one.code == row.code), None)
    closing = next((pk for kind, pk, _version, _name in row.basis if kind == "closing"), None)
    if award is None or closing is None:
        return None
    amounts = amounts_of(scheme, award)
    if not amounts:
        return None
    rows = rows_of(closing, award.composite)
    return cost([(one.code, one.result) for one in rows if one.category == award.category and one.result is not None],
                award, amounts)  # fmt: skip


def amounts_of(scheme: Scheme, award: Award) -> dict[str, int]:
    """Class → fen that the scheme's incentives pay for it; amounts per head are not known here."""
    found: dict[str, int] = {}
    for incentives in scheme.incentives:
        for rule in incentives.rules:
            if (rule.pick.kind, rule.pick.of) == ("award", award.code) and not rule.per_head:
                for value in rule.pick.values:
                    found[value] = found.get(value, 0) + rule.amount
    return found
