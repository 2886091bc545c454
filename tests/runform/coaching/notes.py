"""A drawing and a voice note, made by the real services."""

import uuid
from typing import Any

from django.core.files.base import ContentFile

from runform.accounts.models import User
from runform.coaching.models import FrameNote, Review, VoiceNote
from runform.coaching.services.notes import Moment, frame_note_save, voice_note_add
from runform.reports.models import Report
from tests.runform.coaching.sounds import make_sound

LINE: dict[str, Any] = {"kind": "line", "colour": "yellow", "points": [[10.0, 10.0], [50.0, 20.0]]}
A_DRAWING: dict[str, Any] = {"version": 1, "size": [64, 36], "shapes": [LINE]}


def make_drawing(review: Review, coach: User, report: Report) -> FrameNote | None:
    moment = Moment(report, 5, 0.17)
    return frame_note_save(review=review, author=coach, code=uuid.uuid4(), moment=moment, drawing=A_DRAWING, version=0)


def make_voice_note(review: Review, coach: User, report: Report) -> VoiceNote:
    return voice_note_add(
        review=review,
        author=coach,
        report=report,
        moment=Moment(report, 5, 0.17),
        sound=ContentFile(make_sound()),
        seconds=0.5,
        text="Hips level.",
    )
