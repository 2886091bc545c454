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


class Pain(models.TextChoices):
    """The answer to "Does anything hurt?"; empty: not said."""

    NO = "no", _("no, nothing hurts")
    YES = "yes", _("yes")


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
    # Optional; clips/pain.py says what the answers mean.  Where, how strong (0 to 10), and which red flags were ticked.
    pain = models.CharField(_("pain"), max_length=3, choices=Pain.choices, blank=True)
    pain_areas = models.JSONField(default=list, blank=True)
    pain_level = models.PositiveSmallIntegerField(
        _("how strong (0 to 10)"), null=True, blank=True, validators=[MaxValueValidator(10)]
    )
    pain_signs = models.JSONField(default=list, blank=True)
    # When a coach last let the athlete see the results of the clips that were there.
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    # In the bin since then, with the clips that were removed at that very moment.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

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


class Shows(models.TextChoices):
    """Who is in the clip, as the uploader attests at every upload."""

    SELF = "self", _("only me")
    AGREED = "agreed", _("others too, and they agreed")


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
    # The part of the file that the uploader chose, seconds of media time; None: wherever the analysis finds it best.
    from_s = models.FloatField(null=True, blank=True)
    to_s = models.FloatField(null=True, blank=True)
    # Empty where a service stored it and nobody was asked.
    shows = models.CharField(max_length=6, choices=Shows.choices, blank=True)
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


class Upload(models.Model):
    """A clip on its way, in parts (clips/tus/).  ``offset_bytes`` have arrived; it becomes one Clip, or expires."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    form_check = models.ForeignKey(FormCheck, on_delete=models.CASCADE, related_name="uploads")
    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads")
    upload_token = models.UUIDField()
    original_name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RUNNING)
    view = models.CharField(max_length=5, choices=View.choices, blank=True)
    from_s = models.FloatField(null=True, blank=True)
    to_s = models.FloatField(null=True, blank=True)
    shows = models.CharField(max_length=6, choices=Shows.choices, blank=True)
    size_bytes = models.BigIntegerField()
    offset_bytes = models.BigIntegerField(default=0)
    # Names in the storage, in order; together they are the first ``offset_bytes`` of the file.
    parts = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    clip = models.ForeignKey(Clip, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]
        constraints = [
            models.UniqueConstraint(fields=["athlete", "upload_token"], name="upload_one_of_a_token"),
            models.CheckConstraint(
                condition=Q(offset_bytes__gte=0) & Q(offset_bytes__lte=models.F("size_bytes")),
                name="upload_offset_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def is_whole(self) -> bool:
        return self.offset_bytes == self.size_bytes

    @property
    def percent(self) -> int:
        return 100 * self.offset_bytes // self.size_bytes
