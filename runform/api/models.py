import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Token(models.Model):
    """A key to the API that acts as its owner, within its scopes, until a day or until it is revoked.

    Only the hash of the secret is kept: it is shown once, when it is made.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    token_sha256 = models.CharField(max_length=64, unique=True)
    # The first letters, to tell one from the other.
    hint = models.CharField(max_length=8)
    scopes: Any = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # To the minute: not every request writes.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What was answered to a write with an Idempotency-Key; the same request again gets the same answer.

    Without ``status`` the first request is still being worked on.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    # Of method, path and body.
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body: Any = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answer_one_of_a_key")]

    def __str__(self) -> str:
        return self.key


class Webhook(models.Model):
    """An address of somebody's own server that is called when something happens that they may see."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks")
    url = models.URLField(_("address"), max_length=500)
    events: Any = models.JSONField(default=list)
    # Signs what is sent, so it has to be kept as it is.
    secret = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now)
    # Not before then: while somebody is calling it, and after failures.
    next_at = models.DateTimeField(db_default=Now())
    # In a row, and since when.
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    disabled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["disabled_at", "next_at"])]

    def __str__(self) -> str:
        return self.url


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    # The owner may not see it any more.
    DROPPED = "dropped", _("dropped")


class Delivery(models.Model):
    """One event for one webhook.  ``data`` holds codes and nothing else: what they stand for is asked of the API."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=20)
    # The athlete whom it is about; nobody for a test.
    athlete = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # The row that it is about, so that the same event never makes two.
    thing_code = models.UUIDField()
    data: Any = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    created_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    # What the other side answered, or why there was no answer.
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["webhook", "state"], condition=Q(state="waiting"), name="delivery_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event", "thing_code"], name="delivery_once_of_an_event")
        ]

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"
