"""What people say about a report: verdicts, comments, drawings."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.coaching.models.review import Review
from runform.reports.models import MetricResult, Report


class Answer(models.TextChoices):
    AGREE = "agree", _("agree")
    DISAGREE = "disagree", _("disagree")
    CANT_TELL = "cant_tell", _("can't tell")
    # The app called it fine, or said nothing at all, and the coach sees something.
    MISSED = "missed", _("the app missed this")


class Verdict(models.Model):
    """What one coach thinks of one metric of a report, or of something that the app knows no metric for."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="verdicts")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    metric = models.ForeignKey(MetricResult, null=True, blank=True, on_delete=models.CASCADE, related_name="verdicts")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    why = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["coach", "metric"], name="verdict_one_of_a_coach"),
            models.CheckConstraint(
                condition=Q(metric__isnull=False) | (Q(answer="missed") & ~Q(why="")),
                name="verdict_on_nothing_says_what_was_missed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.coach}: {self.answer}"


class SecondReading(models.Model):
    """A second coach gives verdicts without seeing the first one's, until they are done."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="second_readings")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "coach"], name="second_reading_once")]

    def __str__(self) -> str:
        return f"second reading of {self.review} by {self.coach}"


class Remark(models.Model):
    """Something that a person adds to a review.

    The athlete sees a coach's remark once it has ``published_at``, which publishing the review sets on all REMARKS of
    services/publish.py; what the athlete writes has it at once.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="%(class)ss")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    # Where it belongs: a report, one of its metrics, a moment of its clip; nothing = the review as a whole.
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=40, blank=True)
    t_s = models.FloatField(null=True, blank=True)
    frame_index = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["created_at", "pk"]


class Subject(models.TextChoices):
    REVIEW = "review", _("the review")
    METRIC = "metric", _("a number")
    FINDING = "finding", _("a finding")
    MOMENT = "moment", _("a moment")


class Comment(Remark):
    """A thread hangs on its first comment."""

    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="replies")
    subject = models.CharField(max_length=10, choices=Subject.choices, default=Subject.REVIEW)
    text = models.TextField(max_length=4000)

    class Meta(Remark.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="moment") | Q(report__isnull=False, t_s__isnull=False),
                name="comment_on_a_moment_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author}: {self.text[:40]}"
