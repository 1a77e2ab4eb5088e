"""An objection is one to a publication; which part it is about has a word for every kind."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standings", "0005_closings_on_notice"),
    ]

    operations = [
        migrations.RemoveField(model_name="objection", name="closing"),
        migrations.AlterField(
            model_name="objection",
            name="publication",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="objections",
                to="standings.publication",
                verbose_name="公示事项",
            ),
        ),
        migrations.RenameField(model_name="objection", old_name="composite", new_name="part"),
    ]
