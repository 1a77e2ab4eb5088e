"""Who stands in is found by an index of those few duties."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A partial index over the stand-ins."""

    dependencies = [("duties", "0002_no_overlap")]

    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(condition=models.Q(("stand_in__isnull", False)), fields=["stand_in"], name="duty_stand_in"),
        ),
    ]
