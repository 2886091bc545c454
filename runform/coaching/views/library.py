"""A coach's own library of tips and drills, with the starter library beside it."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clubs.selectors import is_coach
from runform.coaching.drafting import find_tip, library_of
from runform.coaching.forms import DrillForm, TemplateForm
from runform.coaching.models import Drill
from runform.coaching.selectors.reviews import templates_of
from runform.coaching.services import library as services
from runform.coaching.tips import starter_drills, starter_tips
from runform.reports.rows import SPECS


@login_required
@require_safe
def library(request: UserRequest) -> HttpResponse:
    _coaches_only(request)
    context = {
        "own": templates_of(request.user),
        "starter": starter_tips(),
        "labels": {key: spec.label for key, spec in SPECS.items()},
        "drills": Drill.objects.filter(coach=request.user, deleted_at=None),
        "starter_drills": starter_drills().values(),
    }
    return render(request, "coaching/library.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_new(request: UserRequest) -> HttpResponse:
    """A new tip; ``?from=`` a tip of the starter library begins with its words."""
    _coaches_only(request)
    source = find_tip(library_of(request.user), request.GET.get("from", ""))
    initial = {"title": source.title, "cue": source.cue, "why": source.why} if source else {}
    if source:
        initial |= {"key": "".join(source.keys[:1]), "drill_lines": "\n".join(source.drills)}
    form = TemplateForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.template_save(coach=request.user, **form.fields_of())
        return redirect("library")
    return render(request, "coaching/template_form.html", {"form": form, "title": _("New tip")})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    template = get_object_or_404(templates_of(request.user), code=code)
    form = TemplateForm(request.POST or None, instance=template)
    if request.method == "POST" and form.is_valid():
        services.template_save(coach=request.user, template=template, **form.fields_of())
        return redirect("library")
    return render(request, "coaching/template_form.html", {"form": form, "title": _("Change the tip")})


@login_required
@require_POST
def template_delete(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    services.template_delete(template=get_object_or_404(templates_of(request.user), code=code))
    messages.success(request, _("The tip is removed. Reviews that use it keep their words."))
    return redirect("library")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drill_new(request: UserRequest) -> HttpResponse:
    _coaches_only(request)
    form = DrillForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.drill_save(coach=request.user, **form.cleaned_data)
        return redirect("library")
    return render(request, "coaching/template_form.html", {"form": form, "title": _("New drill")})


@login_required
@require_POST
def drill_delete(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    drill = get_object_or_404(Drill, code=code, coach=request.user, deleted_at=None)
    services.drill_delete(drill=drill)
    return redirect("library")


def _coaches_only(request: UserRequest) -> None:
    if not is_coach(request.user):
        raise Http404
