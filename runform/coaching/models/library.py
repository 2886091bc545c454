"""A coach's own tips and drills.  The starter library lies in ``runform/coaching/starter`` and needs no rows."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TipTemplate(models.Model):
    """Words for a tip.  ``{value}``, ``{low}`` and ``{high}`` are filled with the numbers of its metric."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tip_templates")
    # A metric's key; empty = for anything.
    key = models.CharField(_("metric"), max_length=40, blank=True)
    title = models.CharField(_("name"), max_length=80)
    cue = models.TextField(_("cue"), max_length=600)
    why = models.TextField(_("why"), max_length=600, blank=True)
    # [{"name", "dose", "how"}]
    drills: Any = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title


class Drill(models.Model):
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drills")
    name = models.CharField(_("name"), max_length=80)
    dose = models.CharField(_("how much"), max_length=80, blank=True)
    how = models.TextField(_("how it is done"), max_length=600, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
