import mimetypes
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from runform.accounts.http import UserRequest
from runform.accounts.models import User
from runform.accounts.selectors import speed_unit_of
from runform.clips import services
from runform.clips.forms import FormCheckForm, PainForm
from runform.clips.selectors import clips_visible_to, form_checks_editable_by
from runform.clubs.audit import record
from runform.clubs.models import Action, Purpose
from runform.clubs.policies import may_view
from runform.clubs.selectors import athletes_coached_by, has_consent, wards_of
from runform.core.media import media_response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_new(request: UserRequest) -> HttpResponse:
    if not has_consent(request.user, Purpose.ANALYSIS):
        return redirect(reverse("consent_start") + "?next=" + request.path)
    return _check_new(request, request.user)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_new_for(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    """A coach films an athlete, a parent a child.  Whom one coaches has agreed to it; for a child the parent does."""
    if ward := wards_of(request.user).filter(code=athlete).first():
        if not has_consent(ward, Purpose.ANALYSIS):
            messages.info(request, _("First say what the videos may be used for."))
            return redirect("consent", ward.code)
        return _check_new(request, ward)
    return _check_new(request, get_object_or_404(athletes_coached_by(request.user), code=athlete))


def _check_new(request: UserRequest, athlete: User) -> HttpResponse:
    form, pain = (
        FormCheckForm(request.POST or None, speed_unit=speed_unit_of(request.user)),
        PainForm(request.POST or None),
    )
    if request.method == "POST" and form.is_valid() and pain.is_valid():
        said = {**form.cleaned_data, **pain.cleaned_data}
        check = services.form_check_create(athlete=athlete, created_by=request.user, **said)
        if athlete != request.user:
            record(Action.UPLOADED, actor=request.user, athlete=athlete, thing="check", code=check.code)
        return redirect(check)
    title = _("New FormCheck") if athlete == request.user else _("New FormCheck for %(athlete)s") % {"athlete": athlete}
    return render(request, "clips/check_form.html", {"form": form, "pain": pain, "title": title})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_edit(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    check = get_object_or_404(form_checks_editable_by(request.user), code=code)
    form = FormCheckForm(request.POST or None, instance=check, speed_unit=speed_unit_of(request.user))
    pain = PainForm(request.POST or None, instance=check)
    if request.method == "POST" and form.is_valid() and pain.is_valid():
        fields = {**form.cleaned_data, **pain.cleaned_data}
        return redirect(services.form_check_change(form_check=check, fields=fields))
    context = {"form": form, "pain": pain, "check": check, "title": _("Change FormCheck")}
    return render(request, "clips/check_form.html", context)


@login_required
@require_safe
def clip_file(request: UserRequest, code: uuid.UUID) -> HttpResponseBase:
    """The original, for a player: with byte ranges."""
    clip = get_object_or_404(clips_visible_to(request.user), code=code)
    if not may_view(request.user, clip):
        raise Http404
    kind = mimetypes.guess_type(clip.file.name or "")[0] or ""
    return media_response(
        request,
        clip.file,
        content_type=kind if kind.startswith("video/") else "application/octet-stream",
        etag=clip.sha256,
        filename=clip.original_name,
    )
