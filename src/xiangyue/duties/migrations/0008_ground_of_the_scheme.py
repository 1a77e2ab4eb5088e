"""Duties and visits under a township's own scheme lie on the township's ground, as what is closed by that scheme does."""

from __future__ import annotations

from django.db import migrations

TABLES = ("duties_duty", "duties_visit")
MOVE = """UPDATE {table} SET ground_id = (SELECT t.township_id FROM places_place t WHERE t.id = {table}.target_id)
WHERE EXISTS (
    SELECT 1 FROM places_place t JOIN agreements_schemeversion v ON v.ground_id = t.township_id
    WHERE t.id = {table}.target_id AND t.township_id <> {table}.ground_id
    AND v.code = {table}.scheme AND v.state = 'published')"""


def move(apps, editor):
    """Move those that acts kept under the county."""
    with editor.connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(MOVE.format(table=table))


class Migration(migrations.Migration):

    dependencies = [
        ("agreements", "0007_consent_to_honours_in_public"),
        ("duties", "0007_terms_of_wishes_and_dispatch"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop, hints={"rows": True}),
    ]
