import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.clips.models import Clip
from runform.clubs.models import Club
from runform.reports.models import Report


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being analysed")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


LIVE = (State.QUEUED, State.RUNNING)


class JobKind(models.TextChoices):
    ANALYSE = "analyse", _("analyse")
    # From the landmarks of an earlier report, with what a person put right or marked.
    RECOMPUTE = "recompute", _("compute again")
    # From the clip, by a newer analysis than its report's.
    RENEW = "renew", _("analyse with the newest version")


class Lane(models.IntegerChoices):
    """Lower numbers go first."""

    PEOPLE = 0, _("somebody waits for it")
    BULK = 1, _("in bulk, when nobody waits")


class Job(models.Model):
    """One order to analyse one clip, and the only truth about it; Celery merely rings.

    queued -> running -> done | failed | cancelled, and running -> queued by the reaper.  Every transition is a
    compare-and-set in services.py; nothing else writes here.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=JobKind.choices, default=JobKind.ANALYSE)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, default=Lane.PEOPLE)
    # Whose turn it takes (line.py); None: the athlete's own.
    club = models.ForeignKey(Club, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
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

    # By the database's clock, all of them: those of two hosts need not agree.
    created_at = models.DateTimeField(db_default=Now())
    queued_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    # Two texts: for the runner, and for us.
    error_code = models.CharField(max_length=40, blank=True)
    user_text = models.TextField(blank=True)
    error_detail = models.TextField(blank=True)

    # What people had put right and marked when this attempt began, as the analyser takes it, with their names.
    corrections = models.JSONField(default=list, blank=True)
    marks = models.JSONField(default=list, blank=True)
    # Something was put right after it began: another one follows.
    again = models.BooleanField(default=False)

    seconds = models.JSONField(default=dict, blank=True)
    host = models.CharField(max_length=100, blank=True)
    version = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "queued_at"]),
            models.Index(fields=["clip", "-created_at"]),
            models.Index(fields=["started_at"]),
            models.Index(fields=["finished_at"]),
        ]
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


class CorrectionKind(models.TextChoices):
    """The words of `analysis.corrections`."""

    RUNNER = "runner", _("another person")
    VIEW = "view", _("view")
    SPEED = "speed", _("speed")
    SLOW_MOTION = "slow_motion", _("slow motion")
    STRETCH = "stretch", _("part of the clip")
    EVENT = "event", _("foot strike or toe-off")
    LANDMARK = "landmark", _("body point")


class Correction(models.Model):
    """Something that a person put right in a clip.  It holds for every later report until it is taken back."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="corrections")
    kind = models.CharField(max_length=12, choices=CorrectionKind.choices)
    # As `analysis.corrections` reads it.
    item = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "pk"]
        indexes = [models.Index(fields=["clip", "made_at"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.clip}"


class Line(models.TextChoices):
    """The words of `analysis.marking`."""

    WAIST = "waist", _("waistband")
    SHOULDERS = "shoulders", _("shoulders")
    DECK = "deck_line", _("edge of the deck")


class Mark(models.Model):
    """A line that a person drew on a frame of a clip: kept at once, measured when asked for."""

    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="marks")
    line = models.CharField(max_length=10, choices=Line.choices)
    t_s = models.FloatField()
    # The standing leg; empty for the deck.
    side = models.CharField(max_length=5, blank=True)
    # [[x, y], [x, y]]: at the runner's own left and right, pixels of the upright full frame, y down.
    ends = models.JSONField()
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["line", "t_s"]
        constraints = [models.UniqueConstraint(fields=["clip", "line", "t_s"], name="mark_once_on_a_frame")]

    def __str__(self) -> str:
        return f"{self.line} at {self.t_s:.2f} s of {self.clip}"


class Renewal(models.Model):
    """An order to analyse old clips again with the newest version, a few at a time, when nobody waits for the worker.

    Of one club's athletes, or without a club of everybody.  It is resumed where it stood: each clip has its row.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    club = models.ForeignKey(Club, null=True, blank=True, on_delete=models.CASCADE, related_name="renewals")
    # The newest version when it was asked for.
    version = models.CharField(max_length=20)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # By metric, what became of the numbers; renewal/tally.py counts a clip when it is done.
    tally = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["club"], condition=Q(ended_at=None), name="renewal_one_open_of_a_club"),
        ]

    def __str__(self) -> str:
        return f"{self.club or 'everybody'} to {self.version}"


class Renewed(models.TextChoices):
    WAITING = "waiting", _("to come")
    QUEUED = "queued", _("being analysed")
    DONE = "done", _("done")
    FAILED = "failed", _("could not be analysed")
    LEFT_OUT = "left_out", _("left out")


class RenewalClip(models.Model):
    """One clip of a renewal, with its report before and after."""

    renewal = models.ForeignKey(Renewal, on_delete=models.CASCADE, related_name="clips")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="renewals")
    state = models.CharField(max_length=8, choices=Renewed.choices, default=Renewed.WAITING)
    job_code = models.UUIDField(null=True, blank=True)
    before = models.ForeignKey(Report, null=True, on_delete=models.SET_NULL, related_name="+")
    after = models.ForeignKey(Report, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["renewal", "state"])]
        constraints = [models.UniqueConstraint(fields=["renewal", "clip"], name="renewal_once_of_a_clip")]

    def __str__(self) -> str:
        return f"{self.clip}: {self.state}"


class Pulse(models.Model):
    """When something that must happen again and again last happened."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class Worker(models.Model):
    """A process that analyses clips, as it said of itself when it was last heard of."""

    name = models.CharField(max_length=120, primary_key=True)
    # How many clips at a time.
    slots = models.PositiveSmallIntegerField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
