"""The payment list of an approved plan as a workbook: a row a subject, amounts in yuan, strings never formulas."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from xiangyue.desk.writing import Book
from xiangyue.rewards.incentive_actions import as_rule
from xiangyue.rewards.incentive_models import IncentivePlan, Payment, PlanLine
from xiangyue.rules.incentives import Payee, payments

WIDTHS = (6, 22, 22, 24, 16, 60, 16, 14, 20)


def payment_book(plan: IncentivePlan) -> tuple[IO[bytes], int]:
    """The workbook, and how many rows it has; its last row adds up to the plan's total."""
    lines = list(PlanLine.objects.filter(plan=plan).order_by("under", "subject", "id"))
    who = {line.subject: line for line in lines}
    rows = payments(as_rule(plan, lines), [Payee(line.subject, line.name, line.under) for line in who.values()])
    paid = _paid(plan)
    book = Book()
    yuan = book.book.add_format({"num_format": "#,##0.00"})
    sheet = book.sheet(_("支付清单"), WIDTHS)
    for place, heading in enumerate(_headings()):
        sheet.write_string(0, place, heading, book.head)
    for number, row in enumerate(rows, 1):
        amount, days, vouchers = paid.get(row.subject, (0, [], []))
        texts = (who[row.subject].where, row.name, row.subject)
        sheet.write_number(number, 0, number)
        for place, text in enumerate(texts, 1):
            sheet.write_string(number, place, text, book.text)
        sheet.write_number(number, 4, row.amount / 100, yuan)
        sheet.write_string(number, 5, row.why, book.text)
        if amount:
            sheet.write_number(number, 6, amount / 100, yuan)
            sheet.write_string(number, 7, "、".join(days), book.text)
            sheet.write_string(number, 8, "、".join(vouchers), book.text)
    last = len(rows) + 1
    sheet.write_string(last, 1, _("合计"), book.head)
    sheet.write_number(last, 4, sum(row.amount for row in rows) / 100, yuan)
    sheet.write_number(last, 6, sum(amount for amount, _days, _vouchers in paid.values()) / 100, yuan)
    return book.done(), len(rows)


def _headings() -> tuple[str, ...]:
    return (
        _("序号"), _("所在"), _("对象"), _("编码"), _("金额（元）"), _("事由"), _("已支付（元）"), _("支付日期"), _("凭证号"),
    )  # fmt: skip


def _paid(plan: IncentivePlan) -> dict[str, tuple[int, list[str], list[str]]]:
    """Subject → what was paid, on which days and under which vouchers; reversed payments count as not made."""
    found: dict[str, tuple[int, list[str], list[str]]] = {}
    rows = Payment.objects.filter(line__plan=plan, reversed_at=None).order_by("paid_on", "pk")
    for subject, amount, on, voucher in rows.values_list("line__subject", "amount", "paid_on", "voucher"):
        total, days, vouchers = found.get(subject, (0, [], []))
        day = on.isoformat()
        found[subject] = (
            total + amount, days if day in days else [*days, day],
            vouchers if voucher in vouchers else [*vouchers, voucher],
        )  # fmt: skip
    return found
