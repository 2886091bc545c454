import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.clips.models import Clip, FormCheck
from runform.reports.models import AnnotatedFrame


class State(models.TextChoices):
    """Where a review stands.  Whether somebody holds it is another question: ``Review.claimed_by``."""

    WAITING = "waiting", _("waiting")
    PUBLISHED = "published", _("published")
    REFILM = "refilm", _("re-film asked")
    ANSWERED = "answered", _("answered by the athlete")
    CLOSED = "closed", _("closed")


class Review(models.Model):
    """A coach's look at one FormCheck.  Its row is made when somebody first claims it.

    The draft is one JSON document, ``{"message": text, "tips": [{"key", "cue", "why", "drills"}]}``; whoever saves it
    names the ``draft_version`` that they read.  What reached the athlete stands in ``Publication`` and never changes.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_check = models.OneToOneField(FormCheck, on_delete=models.CASCADE, related_name="review")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(null=True, blank=True)

    # A claim ends by itself: see LIMITS.claim_s.
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    claim_expires_at = models.DateTimeField(null=True, blank=True)
    # Coaches who once held it, so that they know it: they are no blind second readers any more.
    readers: Any = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    # Seconds in which a coach was really at work on the page.
    active_s = models.PositiveIntegerField(default=0)
    beat_at = models.DateTimeField(null=True, blank=True)

    draft: Any = models.JSONField(default=dict, blank=True)
    draft_version = models.PositiveIntegerField(default=0)
    drafted_at = models.DateTimeField(null=True, blank=True)

    # Since when the present state holds; what the athlete does after it calls for the coach.
    state_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["state", "claim_expires_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(claimed_by=None, claim_expires_at=None) | Q(claim_expires_at__isnull=False),
                name="review_claim_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.form_check}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.form_check.code])


class Publication(models.Model):
    """A review as the athlete got it.  A change after publishing makes the next one; the newest counts."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="publications")
    number = models.PositiveSmallIntegerField()
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    content: Any = models.JSONField()
    # When the athlete opened it.
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="publication_numbered_once")]

    def __str__(self) -> str:
        return f"{self.review}, version {self.number}"


class DrillTick(models.Model):
    """The athlete did a drill of the review on a day."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="ticks")
    drill = models.CharField(max_length=120)
    done_on = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "drill", "done_on"], name="drill_ticked_once_a_day")]

    def __str__(self) -> str:
        return f"{self.drill}, {self.done_on}"


class RefilmRequest(models.Model):
    """The coach asks for another clip: which check failed, how to film, and the picture that shows it."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="refilm_requests")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    view = models.CharField(max_length=10)
    clip = models.ForeignKey(Clip, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    # The gate that failed, by its key, and its text as the coach saw it.
    gate = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    frame = models.ForeignKey(AnnotatedFrame, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(max_length=2000, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"re-film {self.view} of {self.review}"
