"""What an objection and its answer say has a term, from the day of the answer."""

from datetime import timedelta

from django.db import migrations, models

OBJECTION_DAYS = 1_095


def give_terms(apps, schema_editor):
    Objection = apps.get_model("standings", "Objection")
    for row in Objection.objects.exclude(answered_at=None).only("pk", "answered_at"):
        last = row.answered_at.date() + timedelta(days=OBJECTION_DAYS)
        Objection.objects.filter(pk=row.pk).update(erase_on=last)


class Migration(migrations.Migration):
    dependencies = [("standings", "0009_monthly_bulletins")]

    operations = [
        migrations.AddField("objection", "erase_on", models.DateField(null=True)),
        migrations.RunPython(give_terms, migrations.RunPython.noop, hints={"rows": True}),
    ]
