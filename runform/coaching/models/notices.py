"""Notifications: the row is the notification; e-mail is one way to hear of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.coaching.models.review import Review


class Occasion(models.TextChoices):
    WAITING = "waiting", _("A FormCheck is ready for review.")
    PUBLISHED = "published", _("Your coach has published a review.")
    REFILM = "refilm", _("Your coach asks for another clip.")
    QUESTION = "question", _("An athlete has written to you.")
    REPLY = "reply", _("Your coach has written to you.")


class Notification(models.Model):
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="notifications")
    # What it is about, so that the same event never makes two.
    event = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    # Taken for sending; set back when the mail server refused.
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"])]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notification_once_of_an_event")]

    def __str__(self) -> str:
        return f"{self.user}: {self.occasion}"


class Delivery(models.TextChoices):
    AT_ONCE = "at_once", _("an e-mail at once")
    DAILY = "daily", _("one e-mail a day")
    NEVER = "never", _("no e-mail, only here")


class NotificationChoice(models.Model):
    """How a person wants to hear of things.  No row = at once."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notification_choice")
    delivery = models.CharField(max_length=8, choices=Delivery.choices, default=Delivery.AT_ONCE)
    digest_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(delivery=""), name="notification_choice_is_made")]

    def __str__(self) -> str:
        return f"{self.user}: {self.delivery}"
