"""Every closing that was ever on notice gets its publication, and its objections move to it."""

from django.db import migrations


def to_publications(apps, schema_editor):
    Closing = apps.get_model("standings", "Closing")
    Objection = apps.get_model("standings", "Objection")
    Publication = apps.get_model("standings", "Publication")
    objected = set(Objection.objects.values_list("closing_id", flat=True))
    for closing in Closing.objects.select_related("period").order_by("period_id", "version"):
        if closing.proposed_at is None and closing.pk not in objected:
            continue
        period = closing.period
        begun = closing.proposed_at or closing.closed_at
        ends = closing.notice_ends_on or begun.date()
        state = "withdrawn" if closing.state == "closed" else closing.state
        row = Publication.objects.create(
            kind="closing",
            ground_id=period.ground_id,
            key=f"{period.scheme}/{period.key}",
            version=closing.version,
            title=f"{name_of(period)}考核结果",
            state=state,
            proposed_at=begun,
            proposed_by_id=closing.proposed_by_id,
            notice_days=max(1, (ends - begun.date()).days + 1),
            notice_ends_on=ends,
            in_force_at=closing.in_force_at,
            reason=closing.reason,
            summary={"scheme": period.scheme, "period": period.key},
        )
        Closing.objects.filter(pk=closing.pk).update(publication=row)
        Objection.objects.filter(closing=closing).update(publication=row)
    later = {}
    for row in Publication.objects.filter(kind="closing").order_by("-version"):
        same = (row.ground_id, row.key)
        if row.state == "superseded" and same in later:
            newer = later[same]
            Publication.objects.filter(pk=row.pk).update(
                superseded_by=newer, ended_at=newer.in_force_at or newer.proposed_at
            )
        if row.state != "withdrawn":
            later[same] = row


def name_of(period):
    """A period in words: 2026-10, 2026-Q3, 2026."""
    year, _dash, rest = period.key.partition("-")
    if rest.startswith("Q"):
        return f"{year}年第{rest[1:]}季度"
    return f"{year}年{int(rest)}月" if rest else f"{year}年"


def to_closings(apps, schema_editor):
    Closing = apps.get_model("standings", "Closing")
    Objection = apps.get_model("standings", "Objection")
    Publication = apps.get_model("standings", "Publication")
    for closing in Closing.objects.exclude(publication=None):
        Objection.objects.filter(publication_id=closing.publication_id).update(closing=closing, publication=None)
    Closing.objects.update(publication=None)
    Publication.objects.filter(kind="closing").update(superseded_by=None)
    Publication.objects.filter(kind="closing").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("standings", "0004_staged_reviews"),
    ]

    operations = [migrations.RunPython(to_publications, to_closings, hints={"rows": True})]
