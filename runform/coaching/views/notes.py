"""Drawings and voice notes: the list beside a clip, and what the player sends."""

import json
import math
import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clubs.policies import may_write_thread
from runform.coaching.audio import TYPES
from runform.coaching.drawing import DrawingError, drawing_clean
from runform.coaching.models import Review, VoiceNote
from runform.coaching.policies import may_review
from runform.coaching.selectors.notes import notes_of, voice_notes_visible_to
from runform.coaching.selectors.reviews import reviews_visible_to
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.notes import (
    Moment,
    frame_note_save,
    voice_note_add,
    voice_note_change,
    voice_note_delete,
)
from runform.core.media import media_response
from runform.reports.models import Report
from runform.reports.policies import may_view_report
from runform.reports.selectors import reports_visible_to

FRAMES_MAX, SECONDS_MAX = 1_000_000, 24 * 3600.0


@login_required
@require_safe
def report_notes(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The list beside a clip, to read."""
    report = _report(request, code)
    return render(
        request, "coaching/notes/_notes.html", {"report": report, "notes": notes_of(request.user, report.clip)}
    )


@login_required
@require_safe
def report_notes_edit(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The list with the coach's tools; without them where the coach may not write (`may_write_thread`)."""
    report = _report(request, code)
    check = report.clip.form_check
    if not may_review(request.user, check):
        raise Http404
    context = {
        "report": report,
        "notes": notes_of(request.user, report.clip),
        "editable": may_write_thread(request.user, check.athlete),
        "limits": settings.LIMITS,
    }
    return render(request, "coaching/notes/_notes.html", context)


@login_required
@require_POST
def drawing_save(request: UserRequest, code: uuid.UUID, drawing: uuid.UUID) -> JsonResponse:
    report, review = _reviewed(request, code)
    try:
        sent = json.loads(request.POST["note"])
        vectors, version = drawing_clean(sent["drawing"]), int(sent["version"])
        moment = _moment(report, sent)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return _refused(_("This drawing cannot be kept."), 400)
    try:
        note = frame_note_save(
            review=review, author=request.user, code=drawing, moment=moment, drawing=vectors, version=version
        )
    except ReviewError as error:
        return _refused(str(error), 409)
    return JsonResponse(
        {"code": str(note.code), "version": note.version} if note else {"code": str(drawing), "version": 0}
    )


class VoiceForm(forms.Form):
    sound = forms.FileField()
    seconds = forms.FloatField(min_value=0.1)
    text = forms.CharField(max_length=4000, required=False)
    frame = forms.IntegerField(min_value=0, max_value=FRAMES_MAX, required=False)
    t_s = forms.FloatField(min_value=0, max_value=SECONDS_MAX, required=False)


@login_required
@require_POST
def voice_new(request: UserRequest, code: uuid.UUID) -> JsonResponse:
    report, review = _reviewed(request, code)
    form = VoiceForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(_("This recording cannot be kept."), 400)
    sent = form.cleaned_data
    here = sent["frame"] is not None and sent["t_s"] is not None
    try:
        note = voice_note_add(
            review=review,
            author=request.user,
            report=report,
            moment=Moment(report, sent["frame"], sent["t_s"]) if here else None,
            sound=sent["sound"],
            seconds=sent["seconds"],
            text=sent["text"],
        )
    except ReviewError as error:
        return _refused(str(error), 409)
    return JsonResponse({"code": str(note.code)}, status=201)


@login_required
@require_POST
def voice_change(request: UserRequest, code: uuid.UUID) -> JsonResponse:
    try:
        voice_note_change(note=_own_voice(request, code), author=request.user, text=request.POST.get("text", "")[:4000])
    except ReviewError as error:
        return _refused(str(error), 409)
    return JsonResponse({})


@login_required
@require_POST
def voice_delete(request: UserRequest, code: uuid.UUID) -> JsonResponse:
    voice_note_delete(note=_own_voice(request, code), author=request.user)
    return JsonResponse({})


@login_required
@require_safe
def voice_file(request: UserRequest, code: uuid.UUID) -> HttpResponseBase:
    """The recording.  Whatever is not surely sound is only ever handed out as a file to save."""
    note = get_object_or_404(voice_notes_visible_to(request.user), code=code)
    if note.report is None or not may_view_report(request.user, note.report):
        raise Http404
    sure = note.content_type in TYPES
    kind = note.content_type if sure else "application/octet-stream"
    return media_response(request, note.file, content_type=kind, etag=str(note.code), attachment=not sure)


def _report(request: UserRequest, code: uuid.UUID) -> Report:
    report = get_object_or_404(reports_visible_to(request.user), code=code)
    if not may_view_report(request.user, report):
        raise Http404
    return report


def _reviewed(request: UserRequest, code: uuid.UUID) -> tuple[Report, Review]:
    """A report whose FormCheck this coach reviews, and to whose athlete they may write."""
    report = _report(request, code)
    check = report.clip.form_check
    if not may_review(request.user, check) or not may_write_thread(request.user, check.athlete):
        raise Http404
    return report, get_object_or_404(reviews_visible_to(request.user), form_check=report.clip.form_check_id)


def _own_voice(request: UserRequest, code: uuid.UUID) -> VoiceNote:
    note = get_object_or_404(voice_notes_visible_to(request.user).filter(author=request.user), code=code)
    check = note.review.form_check
    if not may_review(request.user, check) or not may_write_thread(request.user, check.athlete):
        raise Http404
    return note


def _moment(report: Report, sent: dict[str, Any]) -> Moment:
    frame, t_s = sent["frame"], sent["t_s"]
    if type(frame) is not int or not 0 <= frame <= FRAMES_MAX:
        raise DrawingError("frame")
    if (
        isinstance(t_s, bool)
        or not isinstance(t_s, int | float)
        or not (0 <= t_s <= SECONDS_MAX and math.isfinite(t_s))
    ):
        raise DrawingError("t_s")
    return Moment(report, frame, float(t_s))


def _refused(text: str, status: int) -> JsonResponse:
    return JsonResponse({"error": text}, status=status)
