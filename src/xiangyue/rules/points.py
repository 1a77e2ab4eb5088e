"""Rule 14: points granted, deducted, spent, reversed and carried over the year; each verb gives postings or refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .duty import slot_of
from .findings import Finding
from .ledger import Account, Books, Posting, household
from .settings import Carry, Good, PointsRule

CARRY_WORDS: dict[Carry, str] = {"keep": "全部结转", "half": "结转一半，单数多留一分", "expire": "全部清零"}


@dataclass(frozen=True, slots=True)
class Moves:
    """Postings to be written together, or why there are none."""

    postings: tuple[Posting, ...] = ()
    refused: tuple[Finding, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether nothing may be written."""
        return bool(self.refused)


def pay(books: Books, rule: PointsRule, account: Account, issuer: Account, *, event: str, day: date, id: str) -> Moves:
    """What a rule gives an account for an event (or takes, below 0); its claim is set against what it is given."""
    if books.paid(account, rule.code, event):
        words = f"“{rule.name}”这件事已经记过分，不重复记。记错了请先冲销。"
        return _refuse("paid-already", account, words)
    if rule.points < 0:
        return _deduct(books, rule, account, issuer, event=event, day=day, id=id)
    points, words = _room(books, rule, account, day)
    if points <= 0:
        return _refuse("over-most", account, words)
    grant = Posting(id, "grant", day, issuer, account, points, points, rule.code, event, why=f"{rule.name}：{words}")
    owed = min(books.claim(account), points)
    if owed <= 0:
        return Moves((grant,))
    because = f"抵扣以前冲销时的差额 {owed} 分，还差 {books.claim(account) - owed} 分"
    return Moves((grant, Posting(f"{id}/s", "set_off", day, account, issuer, owed, owed, event=event, why=because)))


def spend(
    books: Books, good: Good, account: Account, shop: Account, *, count: int, stock: int, day: date, id: str
) -> Moves:
    """Goods for points at the shop; `stock` is how many were ever put on the shelf."""
    price, left = good.price * count, stock - books.sold.get(good.code, 0)
    if count <= 0:
        return _refuse("no-count", account, "数量至少为 1。请重新填写。")
    if left < count:
        return _refuse("out-of-stock", account, f"“{good.name}”只剩 {left} {good.unit}。请减少数量或换别的。")
    if books.balance(account) < price:
        words = f"要 {price} 分，账上只有 {books.balance(account)} 分。请减少数量或换别的。"
        return _refuse("too-few-points", account, words)
    words = f"兑换{good.name} {count} {good.unit}，每{good.unit} {good.price} 分，共 {price} 分"
    return Moves((Posting(id, "spend", day, account, shop, price, price, good=good.code, pieces=count, why=words),))


def reverse(books: Books, posting: Posting, *, day: date, id: str, reason: str) -> Moves:
    """A posting taken back; of a spent grant what is left, the rest is a private claim on later grants."""
    about = household(posting)
    account = about if about is not None else posting.taker
    if posting.id in books.reversed:
        return _refuse("reversed-already", account, "这一笔已经冲销过，不能再冲销。")
    if posting.kind in ("reverse", "set_off") or posting.id not in books.live:
        return _refuse("not-reversible", account, "这一笔不能单独冲销。请冲销它所属的原始记分。")
    if not reason.strip():
        return _refuse("no-reason", account, "没有写冲销的原因。请写明原因。")
    points, words = posting.points, f"冲销 {posting.points} 分：{reason.strip()}"
    if posting.taker.kind == "household":
        points = min(points, max(0, books.balance(posting.taker)))
        if points < posting.points:
            words += f"；账上只有 {points} 分，差额 {posting.points - points} 分从以后的得分中抵扣，不公开"
    back = Posting(
        id, "reverse", day, posting.taker, posting.giver, points, posting.points, reverses=posting.id, why=words
    )
    return Moves((back,))


def close_year(
    books: Books, carry: Carry, accounts: Iterable[tuple[Account, Account]], *, day: date, id: str
) -> tuple[Posting, ...]:
    """Year's end as the village voted, for (household, its issuer): points that are not kept go back, by account."""
    moves = []
    for account, issuer in sorted(accounts):
        held = books.balance(account)
        kept = {"keep": held, "half": (held + 1) // 2, "expire": 0}[carry]
        if held > kept:
            words = f"年末{CARRY_WORDS[carry]}：账上 {held} 分，留 {kept} 分，收回 {held - kept} 分"
            moves.append(
                Posting(f"{id}/{account.code}", "year_end", day, account, issuer, held - kept, held - kept, why=words)
            )
    return tuple(moves)


def _deduct(
    books: Books, rule: PointsRule, account: Account, issuer: Account, *, event: str, day: date, id: str
) -> Moves:
    """At most the balance is taken; from an empty account the deduction is made, with 0."""
    wanted, words = _room(books, rule, account, day)
    if wanted <= 0:
        return _refuse("over-most", account, words)
    points = min(wanted, max(0, books.balance(account)))
    words = f"{rule.name}：应扣 {wanted} 分，实扣 {points} 分" + ("，扣完为止，不欠分" if points < wanted else "")
    return Moves((Posting(id, "deduct", day, account, issuer, points, wanted, rule.code, event, why=words),))


def _room(books: Books, rule: PointsRule, account: Account, day: date) -> tuple[int, str]:
    """How many of the rule's points its cap still leaves, and why."""
    wanted = abs(rule.points)
    if rule.most <= 0:
        return wanted, f"{wanted} 分"
    slot = slot_of(rule.every, day)
    room = rule.most - books.used(account, rule.code, slot.starts_on, slot.ends_on)
    since = f"{slot.starts_on} 至 {slot.ends_on} 最多 {rule.most} 分"
    if room <= 0:
        return 0, f"“{rule.name}”{since}，已经记满。"
    return min(wanted, room), f"{min(wanted, room)} 分（{since}）"


def _refuse(id: str, account: Account, words: str) -> Moves:
    return Moves(refused=(Finding(id, account.code, words),))
