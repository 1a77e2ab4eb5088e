"""The stars that a review fixed, put down as a version of its rating: what honours, incentives and goals read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count

from xiangyue.rules.days import parse_period
from xiangyue.standings.actions.ratings import newest, put_down, supersede_older
from xiangyue.standings.ratings.models import StarLine, StarRating, StarRow
from xiangyue.standings.ratings.rating import AskedRating, with_units, work_out
from xiangyue.standings.reviews.models import Review, ReviewStageVersion
from xiangyue.standings.reviews.settings import rating_for, scheme_for

if TYPE_CHECKING:
    from xiangyue.people.models import User


def basis_of(review: Review) -> str:
    """How a rating names the review that gave its scores."""
    return f"review-{review.pk}"


def put_down_stars(actor: User | None, version: ReviewStageVersion, now: datetime) -> StarRating:
    """The rating's next version, in force with the review's last stage; its rows are the stage's own."""
    review, scheme = version.review, scheme_for(version.review)
    rating = with_units(rating_for(review), scheme)
    asked = AskedRating(review.ground, review.scheme_version, scheme, rating, parse_period(review.key))
    held = {row.subject.code: row for row in version.rows.select_related("subject")}
    worked = work_out(asked, {code: row.total for code, row in held.items()})
    last = newest(asked)
    row = put_down(actor, worked, (last.version if last else 0) + 1, now, str(review), basis_of(review))
    stars = list(StarRow.objects.filter(rating=row).select_related("subject"))
    for star in stars:
        told = held.get(star.subject.code)
        if told is not None:
            star.stars, star.rank, star.result, star.missing = told.stars, told.rank, told.total, told.missing
            star.why = f"{star.why}；调整理由：{told.reason}"[:400] if told.reason else star.why
    StarRow.objects.bulk_update(stars, ["stars", "rank", "result", "missing", "why"], batch_size=300)
    _count_again(row)
    row.state, row.publication, row.digest = StarRating.State.IN_FORCE, version.publication, version.digest
    row.save(update_fields=["state", "publication", "digest"])
    supersede_older(row)
    return row


def _count_again(rating: StarRating) -> None:
    """How many have each star, after the county's deviations."""
    held = StarRow.objects.filter(rating=rating, stars__isnull=False).order_by()
    groups = held.values_list("group_code", "category", "stars").annotate(n=Count("pk"))
    counts = {(group, category, stars): n for group, category, stars, n in groups}
    lines = [
        line
        for line in StarLine.objects.filter(rating=rating)
        if line.n != counts.get((line.group_code, line.category, line.stars), 0)
    ]
    for line in lines:
        line.n = counts.get((line.group_code, line.category, line.stars), 0)
        line.why = f"{line.why}；个别调整后 {line.n} 个"[:200]
    StarLine.objects.bulk_update(lines, ["n", "why"], batch_size=300)


def differing(version: ReviewStageVersion) -> list[str]:
    """Subjects whose stars in the rating are not those of the review's last stage in force."""
    given = StarRow.objects.filter(rating__basis=basis_of(version.review), rating__state=StarRating.State.IN_FORCE)
    stars = dict(given.values_list("subject__code", "stars"))
    rows = version.rows.select_related("subject").order_by("subject__code")
    return [row.subject.code for row in rows if row.subject.code in stars and stars[row.subject.code] != row.stars]
