"""An open wish keeps its words until it is answered; minutes and what was asked for at a meeting have a term."""

from datetime import date, timedelta

from django.db import migrations, models

MINUTES_DAYS, TEXT_DAYS = 1_095, 365
ON_THE_WAY = ("open", "problem", "held")


def give_terms(apps, schema_editor):
    Dispatch = apps.get_model("duties", "Dispatch")
    DispatchAsk = apps.get_model("duties", "DispatchAsk")
    Wish = apps.get_model("duties", "Wish")
    WishText = apps.get_model("duties", "WishText")
    live = Wish.objects.filter(state__in=ON_THE_WAY)
    WishText.objects.filter(wish__in=live.values("pk")).update(erase_on=None)
    over = WishText.objects.exclude(wish__state__in=ON_THE_WAY).exclude(wish__changed_on=None)
    for day in set(over.values_list("wish__changed_on", flat=True)):
        rows = Wish.objects.filter(changed_on=day).exclude(state__in=ON_THE_WAY)
        WishText.objects.filter(wish__in=rows.values("pk")).update(erase_on=day + timedelta(days=TEXT_DAYS))
    for row in Dispatch.objects.only("pk", "held_on"):
        Dispatch.objects.filter(pk=row.pk).update(erase_on=row.held_on + timedelta(days=MINUTES_DAYS))
    for row in DispatchAsk.objects.exclude(done_on=None).only("pk", "done_on"):
        DispatchAsk.objects.filter(pk=row.pk).update(erase_on=row.done_on + timedelta(days=MINUTES_DAYS))


def take_terms(apps, schema_editor):
    WishText = apps.get_model("duties", "WishText")
    for row in WishText.objects.filter(erase_on=None).select_related("wish"):
        row.erase_on = row.wish.day + timedelta(days=TEXT_DAYS)
        row.save(update_fields=["erase_on"])


class Migration(migrations.Migration):
    dependencies = [("duties", "0006_teams")]

    operations = [
        migrations.AlterField("wishtext", "erase_on", models.DateField(null=True)),
        migrations.AddField("dispatch", "erase_on", models.DateField(default=date(2099, 12, 31)), preserve_default=False),
        migrations.AddField("dispatchask", "erase_on", models.DateField(null=True)),
        migrations.RunPython(give_terms, take_terms, hints={"rows": True}),
    ]
