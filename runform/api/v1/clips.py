"""Clips: on their way, their state, removed."""

import uuid
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Status

from runform.accounts.models import User
from runform.api import schemas
from runform.api.access import ApiRequest, needs
from runform.api.once import once
from runform.api.problems import ProblemError
from runform.api.scopes import Scope
from runform.clips.models import Upload
from runform.clips.selectors import clips_editable_by, clips_visible_to, form_checks_editable_by, uploads_editable_by
from runform.clips.services import UploadRefusedError
from runform.clips.tus.services import upload_begin
from runform.processing.arrivals import upload_take
from runform.processing.models import State
from runform.processing.progress import card
from runform.processing.selectors import ClipState, clip_states
from runform.processing.services import clip_remove
from runform.reports.selectors import reports_visible_to

router = Router(tags=["clips"])


@router.get("/clips/{uuid:code}", **needs(Scope.READ_FORMCHECKS), response=schemas.Clip, url_name="clip")
def clip(request: ApiRequest, code: uuid.UUID) -> schemas.Clip:
    """Where the clip stands."""
    return _clip_of(request.user, code)


@router.delete("/clips/{uuid:code}", **needs(Scope.WRITE_CLIPS), response={204: None}, url_name="clip_remove")
def clip_delete(request: ApiRequest, code: uuid.UUID) -> HttpResponse:
    """Into the bin; what is done with it stops."""
    clip_remove(clip=get_object_or_404(clips_editable_by(request.user), code=code))
    return HttpResponse(status=204)


@router.post(
    "/formchecks/{uuid:code}/uploads",
    **needs(Scope.WRITE_CLIPS, once=True),
    response={201: schemas.Upload},
    url_name="upload_new",
)
@once
def upload_new(request: ApiRequest, code: uuid.UUID, said: schemas.UploadIn) -> Status[schemas.Upload]:
    """Agree on a clip before its bytes come.  Too large, or too much for a day, is refused here."""
    check = get_object_or_404(form_checks_editable_by(request.user), code=code)
    if said.from_s is not None and said.to_s is not None and not said.from_s < said.to_s:
        raise ProblemError(422, _("The stretch ends before it begins."))
    fields = said.dict(exclude={"filename", "upload_token"})
    try:
        upload = upload_begin(
            form_check=check, name=said.filename, upload_token=said.upload_token or uuid.uuid4(), **fields
        )
    except UploadRefusedError as error:
        raise ProblemError(422, str(error)) from error
    return Status(201, _upload_out(request, upload))


@router.post(
    "/uploads/{uuid:code}/finish",
    **needs(Scope.WRITE_CLIPS),
    response={201: schemas.Clip, 200: schemas.Clip},
    url_name="upload_finish",
)
def upload_finish(request: ApiRequest, code: uuid.UUID) -> Status[schemas.Clip]:
    """All bytes are there: make the clip and queue it.  Asking again finds the same clip (200)."""
    upload = get_object_or_404(uploads_editable_by(request.user), code=code)
    if not upload.is_whole:
        raise ProblemError(409, _("This clip has not arrived yet."))
    try:
        stored = upload_take(upload=upload, requested_by=request.user)
    except UploadRefusedError as error:
        raise ProblemError(422, str(error)) from error
    return Status(201 if stored.outcome == "created" else 200, _clip_of(request.user, stored.clip.code))


def reports_seen(user: User, states: Iterable[ClipState]) -> dict[int, uuid.UUID]:
    """By clip, the newest report where this person may see it."""
    newest = [state.report.pk for state in states if state.report]
    rows = reports_visible_to(user).filter(pk__in=newest).order_by()
    return dict(rows.values_list("clip", "code"))


def clip_out(state: ClipState, seen: dict[int, uuid.UUID]) -> schemas.Clip:
    shown, clip, job = card(state), state.clip, state.job
    failed = [job.user_text] if job and job.state == State.FAILED and job.user_text else []
    return schemas.Clip(
        code=clip.code,
        formcheck=clip.form_check.code,
        original_name=clip.original_name,
        size_bytes=clip.size_bytes,
        kind=clip.kind,
        view=clip.view,
        created_at=clip.created_at,
        state=state.name,
        stage=job.stage if job and job.is_live else "",
        percent=job.percent if job and job.is_live else 100 * bool(state.report),
        position=shown.position,
        reasons=shown.reasons or (failed if state.name == "failed" else []),
        report=seen.get(clip.pk),
    )


def _clip_of(user: User, code: uuid.UUID) -> schemas.Clip:
    states = clip_states([get_object_or_404(clips_visible_to(user), code=code)])
    return clip_out(states[0], reports_seen(user, states))


def _upload_out(request: ApiRequest, upload: Upload) -> schemas.Upload:
    return schemas.Upload(
        code=upload.code,
        formcheck=upload.form_check.code,
        size_bytes=upload.size_bytes,
        offset_bytes=upload.offset_bytes,
        part_bytes=settings.LIMITS.part_bytes,
        expires_at=upload.expires_at,
        url=request.build_absolute_uri(reverse("api_upload", args=[upload.code])),
        finish_url=request.build_absolute_uri(reverse("api:upload_finish", args=[upload.code])),
    )
