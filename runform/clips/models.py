import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Surface(models.TextChoices):
    TREADMILL = "treadmill", _("treadmill")
    GROUND = "ground", _("outdoors or track")


class FormCheck(models.Model):
    """One occasion on which an athlete was filmed."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="form_checks")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    recorded_on = models.DateField(_("date"))
    surface = models.CharField(_("surface"), max_length=10, choices=Surface.choices, default=Surface.TREADMILL)
    speed_mps = models.FloatField(
        _("speed"), null=True, blank=True, validators=[MinValueValidator(0.5), MaxValueValidator(12)]
    )
    incline_pct = models.FloatField(
        _("incline (%)"), null=True, blank=True, validators=[MinValueValidator(-20), MaxValueValidator(40)]
    )
    shoes = models.CharField(_("shoes"), max_length=100, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["athlete", "-recorded_on"])]

    def __str__(self) -> str:
        return f"{self.athlete}, {self.recorded_on}"

    def get_absolute_url(self) -> str:
        return reverse("check", args=[self.code])


class View(models.TextChoices):
    SIDE = "side", _("from the side")
    REAR = "rear", _("from behind")
    FRONT = "front", _("from the front")


class Kind(models.TextChoices):
    RUNNING = "running", _("running")
    STANDING = "standing", _("standing still")


class Clip(models.Model):
    """A video as it was uploaded.  The original is never changed."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_check = models.ForeignKey(FormCheck, on_delete=models.CASCADE, related_name="clips")
    # Same as the FormCheck's; here so that the database can keep an athlete's clips apart.
    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="clips")
    file = models.FileField(max_length=255)
    original_name = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    upload_token = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RUNNING)
    # What the uploader said; empty = the analysis finds out.
    view = models.CharField(max_length=5, choices=View.choices, blank=True)
    # As decoded: frames, fps, size, codec ... Empty until analysed.
    facts = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["athlete", "upload_token"], name="clip_one_of_an_upload"),
            models.UniqueConstraint(
                fields=["athlete", "sha256"], condition=Q(deleted_at=None), name="clip_one_of_a_file"
            ),
        ]

    def __str__(self) -> str:
        return self.original_name
