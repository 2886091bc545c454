"""Drawings on a picture of a clip, and voice notes: remarks that are not only words."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from runform.coaching.models.remarks import Remark


class FrameNote(Remark):
    """Drawn on one picture of a clip: vectors in pixels of the clip, checked by `coaching.drawing`.

    What was published is never rewritten: a change of it is a note of its own that ``replaces`` it, and takes its place
    when it is published.
    """

    drawing: Any = models.JSONField()
    # Whoever saves names the version that they read.
    version = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="replacements", editable=False
    )

    class Meta(Remark.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, t_s__isnull=False, frame_index__isnull=False),
                name="frame_note_names_its_picture",
            ),
        ]

    def __str__(self) -> str:
        return f"drawing of {self.author}, picture {self.frame_index}"


class VoiceNote(Remark):
    """What the coach said, with the same in writing beside it.  The file is never changed."""

    file = models.FileField(max_length=255)
    content_type = models.CharField(max_length=20)
    size_bytes = models.PositiveIntegerField()
    # As the recorder counted it.
    seconds = models.FloatField()
    text = models.TextField(_("in writing"), max_length=4000)

    class Meta(Remark.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="voice_note_stands_in_writing_too"),
        ]

    def __str__(self) -> str:
        return f"voice note of {self.author}, {self.seconds:.0f} s"
