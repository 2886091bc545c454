import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from runform.clubs.models import Club, ConsentRecord


class Gone(models.TextChoices):
    PERSON = "person", _("an account with everything in it")
    CLIPS = "clips", _("clips")
    CHECKS = "checks", _("FormChecks with everything in them")


class Receipt(models.Model):
    """What was deleted for good, in numbers.  It names nobody; of an account it is all that is left."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    what = models.CharField(max_length=6, choices=Gone.choices)
    # Whose clips they were; of a deleted account nobody's.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="receipts"
    )
    asked_at = models.DateTimeField()
    deleted_at = models.DateTimeField(default=timezone.now)
    # Rows of each kind, files and bytes.
    rows = models.JSONField(default=dict)
    n_files = models.PositiveIntegerField()
    n_bytes = models.BigIntegerField()

    class Meta:
        ordering = ["-deleted_at"]

    def __str__(self) -> str:
        return f"{self.what}, {self.deleted_at:%Y-%m-%d}"


class ConsentReminder(models.Model):
    """Somebody was told that a consent ends soon; once."""

    record = models.ForeignKey(ConsentRecord, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "user"], name="consent_reminder_once")]

    def __str__(self) -> str:
        return f"{self.user} knows that {self.record} ends"


class Trend(models.Model):
    """What became last of each of an athlete's numbers; drawn from the reports by club/trends.py and nothing else."""

    athlete = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="trend")
    # The reports that it stands for: the newest one's key and how many there are.
    newest_report = models.BigIntegerField(default=0)
    n_reports = models.PositiveIntegerField(default=0)
    drawn_at = models.DateTimeField(default=timezone.now)
    # By metric: {"value", "grade", "status", "on"}.
    latest = models.JSONField(default=dict)
    # Metrics that changed beyond their noise: [{"key", "way", "by", "since"}], those further from OK first.
    changes = models.JSONField(default=list)
    n_nearer = models.PositiveSmallIntegerField(default=0)
    n_further = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"trend of {self.athlete}"


class SavedView(models.Model):
    """Filters of a club's page under a name; the person's own."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    # As in the page's address.
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "club", "name"], name="saved_view_one_of_a_name")]

    def __str__(self) -> str:
        return self.name
