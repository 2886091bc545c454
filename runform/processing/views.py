import json
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clips.forms import SaidForm, UploadForm
from runform.clips.models import FormCheck
from runform.clips.pain import pain_advice
from runform.clips.selectors import (
    clips_editable_by,
    clips_visible_to,
    form_checks_editable_by,
    form_checks_visible_to,
    uploads_editable_by,
)
from runform.clips.services import NoRoomError, StoredClip, UploadRefusedError, clip_store
from runform.clips.tus.services import upload_describe
from runform.clubs.audit import record
from runform.clubs.models import Action
from runform.processing import progress, services
from runform.processing.arrivals import upload_take
from runform.processing.models import State
from runform.processing.promise import upload_context
from runform.processing.selectors import check_states, clip_states, jobs_editable_by, jobs_visible_to


@login_required
@require_safe
def check(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A FormCheck: its clips, what becomes of them, and room for the next."""
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    state = check_states([check])[0]
    context = {
        "check": check,
        "state": state,
        "cards": [progress.card(clip) for clip in state.clips],
        "editable": form_checks_editable_by(request.user).filter(pk=check.pk).exists(),
        "pain": pain_advice(check),
        **upload_context(check, request.user),
    }
    return render(request, "processing/check.html", context)


@login_required
@require_POST
def clip_upload(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Take a clip and queue it.  JSON for the page's own script, a redirect without it."""
    check = get_object_or_404(form_checks_editable_by(request.user), code=code)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _refused(request, check, form.trouble(), 400)
    try:
        stored = clip_store(form_check=check, upload=form.cleaned_data.pop("file"), **form.cleaned_data)
    except UploadRefusedError as error:
        return _refused(request, check, str(error), 422)
    services.job_ensure(clip=stored.clip, requested_by=request.user)
    return _taken(request, stored)


@login_required
@require_POST
def upload_finish(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """All bytes are here: make the clip and queue it.  Asking again finds the same clip."""
    upload = get_object_or_404(uploads_editable_by(request.user), code=code)
    if not upload.is_whole:
        return _refused(request, upload.form_check, _("This clip has not arrived yet."), 409)
    if (said := SaidForm(request.POST)).is_valid() and request.POST:
        upload_describe(upload=upload, said=said.cleaned_data)
    try:
        stored = upload_take(upload=upload, requested_by=request.user)
    except UploadRefusedError as error:
        # Without room it is worth another try: every byte is kept.
        return _refused(request, upload.form_check, str(error), 507 if isinstance(error, NoRoomError) else 422)
    return _taken(request, stored)


@login_required
@require_safe
def clip_card(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """One clip of the FormCheck page, as a fragment."""
    clip = get_object_or_404(clips_visible_to(request.user), code=code)
    editable = clips_editable_by(request.user).filter(pk=clip.pk).exists()
    context = {"card": progress.card(clip_states([clip])[0]), "editable": editable}
    return render(request, "processing/_clip.html", context)


@login_required
@require_safe
def job_status(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """How far it is, as a fragment that asks again by itself until the job has ended."""
    job = get_object_or_404(jobs_visible_to(request.user), code=code)
    state = clip_states([job.clip])[0]
    editable = clips_editable_by(request.user).filter(pk=job.clip_id).exists()
    context = {"card": progress.card(state), "editable": editable}
    response = render(request, "processing/_status.html", context)
    if job.state == State.DONE and request.headers.get("HX-Request"):
        whole = check_states([job.clip.form_check])[0]
        if whole.name == "ready":
            # The script of the page follows it, unless an upload is still under way.
            results = progress.results_url(job.clip.form_check)
            response["HX-Trigger"] = json.dumps({"runform:results": {"url": results}})
    return response


@login_required
@require_POST
def job_cancel(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    job = get_object_or_404(jobs_editable_by(request.user), code=code)
    if not services.job_cancel(job=job):
        messages.info(request, _("It had ended already."))
    return redirect(job.clip.form_check)


@login_required
@require_POST
def clip_again(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    clip = get_object_or_404(clips_editable_by(request.user), code=code)
    services.job_submit(clip=clip, requested_by=request.user)
    return redirect(clip.form_check)


@login_required
@require_POST
def clip_delete(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    clip = get_object_or_404(clips_editable_by(request.user), code=code)
    services.clip_remove(clip=clip)
    messages.success(request, _("The clip is removed."))
    return redirect(clip.form_check)


def _taken(request: UserRequest, stored: StoredClip) -> HttpResponse:
    clip = stored.clip
    if stored.outcome == "created" and request.user != clip.athlete:
        # Whose word it was that only the athlete is in it.
        record(Action.UPLOADED, actor=request.user, athlete=clip.athlete, thing="clip", code=clip.code)
    note = ""
    if stored.outcome == "duplicate":
        note = _("You uploaded this clip before. Here it is.")
    if request.headers.get("Accept") == "application/json":
        data = {"clip": str(clip.code), "outcome": stored.outcome, "note": note}
        data |= {"next": clip.form_check.get_absolute_url(), "card": progress.card_url(clip)}
        return JsonResponse(data, status=201 if stored.outcome == "created" else 200)
    if note:
        messages.info(request, note)
    return redirect(clip.form_check)


def _refused(request: HttpRequest, check: FormCheck, text: str, status: int) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"error": text}, status=status)
    messages.error(request, text)
    return redirect(check)
