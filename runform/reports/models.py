import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.clips.models import Clip, FormCheck


class Verdict(models.TextChoices):
    OK = "ok"
    LIMITED = "limited"
    REFUSED = "refused"


class Report(models.Model):
    """What one analysis of one clip found.  Never rewritten: a newer analysis makes a newer report."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="reports")
    # The order that it answers: at most one report comes of a job.
    job_code = models.UUIDField(unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    analysis_version = models.CharField(max_length=20)
    model_sha256 = models.CharField(max_length=64, blank=True)
    parameters_sha256 = models.CharField(max_length=64, blank=True)

    verdict = models.CharField(max_length=7, choices=Verdict.choices)
    view = models.CharField(max_length=5, blank=True)
    facing = models.CharField(max_length=5, blank=True)
    activity = models.CharField(max_length=10, blank=True)

    quality = models.JSONField(default=dict)
    waveforms = models.JSONField(default=dict)
    gait = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    marking_frames = models.JSONField(default=list)
    # The analyser's own file as it came, and the landmarks.
    raw = models.FileField(max_length=255)
    series = models.FileField(max_length=255, blank=True)
    # The clip as every browser plays it, picture for picture.
    review_copy = models.FileField(max_length=255, blank=True)

    class Meta:
        indexes = [models.Index(fields=["clip", "-created_at"])]

    def __str__(self) -> str:
        return f"report of {self.clip}, {self.created_at:%Y-%m-%d %H:%M}"


class MetricResult(models.Model):
    """One metric of a report, as measured or with the reason why not."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="metrics")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    unit = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=12)
    # A, B, C or X: finer than the grade, to choose between clips.
    view_grade = models.CharField(max_length=1, blank=True)
    status = models.CharField(max_length=5, blank=True)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)
    source = models.CharField(max_length=10, blank=True)
    marked_by = models.CharField(max_length=100, blank=True)
    strides = models.PositiveSmallIntegerField(null=True)
    view = models.CharField(max_length=5, blank=True)
    # Views that can measure it, and the borders that held for this runner's speed and sex.
    views = models.JSONField(default=list)
    band = models.JSONField(null=True)

    class Meta:
        ordering = ["order"]
        indexes = [models.Index(fields=["key", "status"])]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="metric_once_in_a_report")]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"


class AnnotatedFrame(models.Model):
    """A moment of the clip with the runner's own lines drawn on it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="frames")
    order = models.PositiveSmallIntegerField()
    image = models.FileField(max_length=255)
    t_s = models.FloatField()
    frame_index = models.PositiveIntegerField(null=True)
    event = models.CharField(max_length=12, blank=True)
    side = models.CharField(max_length=5, blank=True)
    caption = models.TextField(blank=True)
    measurements = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["report", "order"], name="frame_once_in_a_report")]

    def __str__(self) -> str:
        return f"{self.caption} at {self.t_s:.2f} s"


class RenderKind(models.TextChoices):
    OVERLAY = "overlay", _("the clip with the skeleton drawn")
    # The same and the pictures of the report, with the head and all around the body blurred.
    HIDDEN = "hidden", _("the clip and the pictures with the face hidden")


class RenderState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("being made")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Rendering(models.Model):
    """A film that the worker makes of a report when somebody asks for it; once, for a report never changes.

    queued -> running -> done | failed, and running -> queued by the reaper, as a Job; every transition is a
    compare-and-set in renderings.py.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="renderings")
    kind = models.CharField(max_length=8, choices=RenderKind.choices)
    state = models.CharField(max_length=8, choices=RenderState.choices, default=RenderState.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    error_detail = models.TextField(blank=True)
    film = models.FileField(max_length=255, blank=True)
    # Of the pictures with a hidden face: order -> name in the storage.
    pictures = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="rendering_once_of_a_kind"),
            models.CheckConstraint(
                condition=Q(state="running", lease__isnull=False, lease_expires_at__isnull=False)
                | (~Q(state="running") & Q(lease=None, lease_expires_at=None)),
                name="rendering_lease_while_running",
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.report}: {self.state}"

    @property
    def percent(self) -> int:
        return min(99, 100 * self.done // self.total) if self.total else 0


class ShareLink(models.Model):
    """A door to one FormCheck for whoever holds the address: until a day, or until it is closed.

    The address holds a secret of which only the hash is kept, so it can be shown once, when it is made.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_check = models.ForeignKey(FormCheck, on_delete=models.CASCADE, related_name="share_links")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Without a name, and with pictures and films on which the head and the surroundings are blurred.
    hides_face = models.BooleanField(default=True)
    opened = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"link to {self.form_check} until {self.expires_at:%Y-%m-%d}"


class Level(models.TextChoices):
    """How much of the craft the pages speak of; the numbers are the same."""

    ATHLETE = "athlete", _("For runners")
    COACH = "coach", _("For coaches")


class Reader(models.Model):
    """How a person wants to read results.  Without a row: coaches as coaches, all others as athletes."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reader")
    level = models.CharField(max_length=7, choices=Level.choices)

    def __str__(self) -> str:
        return f"{self.user} reads {self.level}"


class Plan(models.Model):
    """What an athlete does between the runs, week after week, from the findings of a FormCheck.  A copy: a later
    analysis changes nothing in it."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plans")
    form_check = models.ForeignKey(FormCheck, on_delete=models.CASCADE, related_name="plans")
    started_on = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["athlete"], condition=models.Q(ended_at=None), name="plan_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"plan of {self.athlete} from {self.started_on}"

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.code])


class PlanItem(models.Model):
    """One exercise or habit."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    dose = models.CharField(max_length=200)
    times_a_week = models.PositiveSmallIntegerField()
    # The metric that it answers, and where the advice comes from.
    metric_key = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["plan", "name"], name="plan_item_once")]

    def __str__(self) -> str:
        return self.name


class PlanTick(models.Model):
    """Done on this day."""

    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="ticks")
    day = models.DateField()
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ticked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "day"], name="plan_tick_once_a_day")]

    def __str__(self) -> str:
        return f"{self.item} on {self.day}"
