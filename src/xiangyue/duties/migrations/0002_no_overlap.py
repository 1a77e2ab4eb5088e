"""The database refuses overlapping duties: one at a time among exclusive layers, and no bearer twice.

Several bearers of one layer that share a team are one duty. PostgreSQL looks at what a statement wrote, after taking a
lock on the ground, so that two transactions can't slip past each other; SQLite has one writer and looks at each row.
A later migration that makes SQLite rebuild the table has to put the triggers back.
"""

from __future__ import annotations

from django.db import migrations

ONE_AT_A_TIME = """{other}.exclusion = {row}.exclusion AND {row}.exclusion <> ''
    AND NOT ({other}.layer = {row}.layer AND {other}.team = {row}.team AND {row}.team <> '')"""
NOBODY_TWICE = """{other}.layer = {row}.layer
    AND ({other}.person_id = {row}.person_id OR {other}.organisation_id = {row}.organisation_id)"""
CLASH = """{other}.target_id = {row}.target_id AND {other}.id <> {row}.id AND {other}.scheme = {row}.scheme
    AND ({other}.to_on IS NULL OR {other}.to_on >= {row}.from_on)
    AND ({row}.to_on IS NULL OR {row}.to_on >= {other}.from_on)
    AND (({one}) OR ({twice}))"""


def clash(other, row):
    """The condition that two rows can't both stand."""
    one, twice = ONE_AT_A_TIME.format(other=other, row=row), NOBODY_TWICE.format(other=other, row=row)
    return CLASH.format(other=other, row=row, one=one, twice=twice)


SQLITE = """CREATE TRIGGER duty_no_overlap_{event} AFTER {when} ON duties_duty
WHEN EXISTS (SELECT 1 FROM duties_duty other WHERE {clash})
BEGIN SELECT RAISE(ABORT, 'duty_no_overlap'); END"""
SQLITE_EVENTS = {
    "insert": "INSERT",
    "update": "UPDATE OF target_id, scheme, layer, person_id, organisation_id, team, exclusion, from_on, to_on",
}
POSTGRES_FUNCTION = f"""CREATE FUNCTION duty_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('duty_no_overlap:' || ground_id, 0))
        FROM (SELECT DISTINCT ground_id FROM written ORDER BY ground_id) grounds;
    IF EXISTS (SELECT 1 FROM written JOIN duties_duty other ON {clash("other", "written")}) THEN
        RAISE EXCEPTION 'duty_no_overlap' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'duty_no_overlap';
    END IF;
    RETURN NULL;
END $$"""
POSTGRES = """CREATE TRIGGER duty_no_overlap_{event} AFTER {event} ON duties_duty
REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION duty_no_overlap()"""


def add(apps, editor):
    """Put the triggers on the table."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRES_FUNCTION)
        for event in SQLITE_EVENTS:
            editor.execute(POSTGRES.format(event=event))
        return
    for event, when in SQLITE_EVENTS.items():
        editor.execute(SQLITE.format(event=event, when=when, clash=clash("other", "NEW")))


def take_off(apps, editor):
    """Take them off again."""
    on = " ON duties_duty" if editor.connection.vendor == "postgresql" else ""
    for event in SQLITE_EVENTS:
        editor.execute(f"DROP TRIGGER duty_no_overlap_{event}{on}")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION duty_no_overlap()")


class Migration(migrations.Migration):

    dependencies = [
        ("duties", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(add, take_off, hints={"schema": True}),
    ]
