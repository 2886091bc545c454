import uuid

from django.db import models
from django.utils import timezone

from runform.clips.models import Clip


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
