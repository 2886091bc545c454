import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.clips.models import Clip


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being analysed")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


LIVE = (State.QUEUED, State.RUNNING)


class JobKind(models.TextChoices):
    ANALYSE = "analyse", _("analyse")


class Job(models.Model):
    """One order to analyse one clip, and the only truth about it; Celery merely rings.

    queued -> running -> done | failed | cancelled, and running -> queued by the reaper.  Every transition is a
    compare-and-set in services.py; nothing else writes here.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=JobKind.choices, default=JobKind.ANALYSE)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    request_id = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)

    attempt = models.PositiveSmallIntegerField(default=0)
    # Whoever holds the lease runs the job; a worker that lost it has lost the job.
    lease = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    # Two texts: for the runner, and for us.
    error_code = models.CharField(max_length=40, blank=True)
    user_text = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)

    seconds = models.JSONField(default=dict, blank=True)
    host = models.CharField(max_length=100, blank=True)
    version = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["state", "queued_at"]), models.Index(fields=["clip", "-created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["clip"], condition=Q(state__in=["queued", "running"]), name="job_one_live_per_clip"
            ),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_expires_at__isnull=False)
                | (~Q(state="running") & Q(lease=None, lease_expires_at=None)),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at=None)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
                name="job_finished_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.clip}: {self.state}"

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def percent(self) -> int:
        return min(99, 100 * self.done // self.total) if self.total else 0


class Pulse(models.Model):
    """When something that must happen again and again last happened."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
