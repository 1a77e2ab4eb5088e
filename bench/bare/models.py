"""One row of twelve fields."""

from __future__ import annotations

from django.db import models


class Row(models.Model):
    """A check as plainly as it can be stored; no index but the key."""

    uuid = models.UUIDField()
    kind = models.IntegerField()
    ground = models.IntegerField()
    subject = models.CharField(max_length=24)
    inspector = models.IntegerField()
    day = models.DateField()
    month = models.IntegerField()
    made_at = models.DateTimeField()
    received_at = models.DateTimeField()
    score = models.SmallIntegerField(null=True)
    n_faults = models.SmallIntegerField(default=0)
    channel = models.CharField(max_length=8)

    objects: models.Manager[Row] = models.Manager()

    class Meta:
        app_label = "bare"
