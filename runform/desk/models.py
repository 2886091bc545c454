import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Gone(models.TextChoices):
    PERSON = "person", _("an account with everything in it")
    CLIPS = "clips", _("clips")


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
