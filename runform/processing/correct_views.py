"""Pages on which people put right and mark what the analyser found, and the versions that come of it."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.accounts.selectors import speed_unit_of
from runform.clips.models import Clip, View
from runform.clips.selectors import clips_visible_to
from runform.core.units import SpeedUnit
from runform.processing import corrections, progress
from runform.processing.forms import MOST_BYTES, said_items
from runform.processing.models import CorrectionKind, Line, Mark
from runform.processing.policies import correctable_kinds, may_mark
from runform.processing.selectors import corrections_of, corrections_visible_to, deck_lines_of
from runform.processing.versions import desk_of, versions_of
from runform.processing.wording import EVENTS, POINTS, say
from runform.reports.models import Report
from runform.reports.page import build_page
from runform.reports.policies import may_view_report
from runform.reports.results import build_results, clip_report
from runform.reports.selectors import reports_by_clip, reports_visible_to

# What a stranger's JSON may lead to: also numbers without end, and lists in lists in lists.
UNREADABLE = (ValueError, KeyError, TypeError, OverflowError, RecursionError)


@login_required
@require_safe
def clip_versions(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A fragment: which version this is, what was put right by whom, and where to put right more."""
    clip = get_object_or_404(clips_visible_to(request.user), code=code)
    versions = versions_of(clip, _unit(request))
    shown = next((one for one in versions if str(one.report.code) == request.GET.get("shown")), None)
    context = {
        "clip": clip,
        "desk": desk_of(clip),
        "versions": versions,
        "shown": shown or (versions[0] if versions else None),
        "kinds": correctable_kinds(request.user, clip),
    }
    return render(request, "processing/_versions.html", context)


@login_required
@require_safe
def report_version(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The results page as one report gave it, however many came after."""
    report = get_object_or_404(reports_visible_to(request.user), code=code)
    if not may_view_report(request.user, report):
        raise Http404
    shown = next(one for one in versions_of(report.clip, _unit(request)) if one.report.pk == report.pk)
    only = [clip_report(report)]
    page = build_page(request.user, report.clip.form_check)
    context = {**page, "reports": only, "pending": [], "results": build_results(only), "version": shown}
    return render(request, "processing/version.html", context)


@login_required
@require_safe
def clip_correct(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    clip, kinds = _correctable(request, code)
    report = reports_by_clip([clip]).get(clip.pk)
    made = [(row, say(row.item, _unit(request))) for row in corrections_of(clip)]
    context = {
        "clip": clip,
        "check": clip.form_check,
        "report": clip_report(report) if report and report.series and report.review_copy else None,
        "desk": desk_of(clip),
        "kinds": kinds,
        "made": [(row, text, row.kind in kinds) for row, text in made],
        "views": View.choices,
        "events": EVENTS.items(),
        "points": POINTS.items(),
        "deck_lines": [(row, json.dumps({"line": row.line, "t_s": row.t_s})) for row in deck_lines_of(clip)],
        "unit": SpeedUnit(_unit(request)).label,
    }
    return render(request, "processing/correct.html", context)


@login_required
@require_POST
def correction_add(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Keep one correction or several (`item`, JSON), and compute the report again."""
    clip, kinds = _correctable(request, code)
    try:
        items = said_items(request.POST, _unit(request))
    except UNREADABLE:
        return _refused(request, clip, _("This correction cannot be read. Please try again."))
    if not items or not all(isinstance(item, dict) and item.get("kind") in kinds for item in items):
        raise Http404
    try:
        corrections.corrections_add(clip=clip, items=items, made_by=request.user)
    except corrections.BadCorrectionError as error:
        return _refused(request, clip, str(error))
    corrections.recompute(clip=clip, requested_by=request.user)
    return _done(request, clip)


@login_required
@require_POST
def correction_withdraw(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    row = get_object_or_404(corrections_visible_to(request.user), code=code)
    if row.kind not in correctable_kinds(request.user, row.clip):
        raise Http404
    if corrections.correction_withdraw(correction=row):
        corrections.recompute(clip=row.clip, requested_by=request.user)
    return redirect("clip_correct", row.clip.code)


@login_required
@require_POST
def clip_recompute(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A new report with everything that was put right and marked."""
    clip, _kinds = _correctable(request, code)
    corrections.recompute(clip=clip, requested_by=request.user)
    return _done(request, clip)


@login_required
@require_safe
def clip_mark(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    clip, _kinds = _correctable(request, code)
    report = reports_by_clip([clip]).get(clip.pk)
    ready = report is not None and report.marking_frames and report.series and report.review_copy
    task = _task(clip, report) if ready and report else None
    context = {"clip": clip, "check": clip.form_check, "report": report, "desk": desk_of(clip), "task": task}
    return render(request, "processing/mark.html", context)


@login_required
@require_POST
def mark_put(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Keep one line (`item`, JSON), or take it away; called by the page after every stroke."""
    clip = get_object_or_404(clips_visible_to(request.user), code=code)
    if not may_mark(request.user, clip):
        raise Http404
    try:
        said = json.loads(request.POST["item"][:MOST_BYTES])
        line, t_s = str(said["line"]), float(said["t_s"])
        if said.get("ends") is None:
            corrections.mark_remove(clip=clip, line=line, t_s=t_s)
        else:
            side, ends = str(said.get("side") or ""), said["ends"]
            corrections.mark_put(clip=clip, line=line, t_s=t_s, side=side, ends=ends, marked_by=request.user)
    except UNREADABLE:
        return JsonResponse({"error": _("This line cannot be read. Please draw it again.")}, status=400)
    except corrections.BadCorrectionError as error:
        return JsonResponse({"error": str(error)}, status=400)
    if not _wants_json(request):
        return redirect("clip_correct", clip.code)
    return JsonResponse({"marked": Mark.objects.filter(clip=clip, line=line).count()})


def _task(clip: Clip, report: Report) -> dict[str, Any]:
    """What the page's script needs: frames, the level, and the lines that are there."""
    rows = Mark.objects.filter(clip=clip)
    with report.raw.open("rb") as raw:
        content = json.load(raw)
    return {
        "frames": content.get("marking_frames") or [],
        "between": content.get("marking_between") or [],
        "roll_deg": (content.get("camera") or {}).get("roll_deg") or 0.0,
        "view": report.view,
        "marks": [{"line": row.line, "t_s": row.t_s, "ends": row.ends} for row in rows if row.line != Line.DECK],
    }


def _correctable(request: UserRequest, code: uuid.UUID) -> tuple[Clip, tuple[CorrectionKind, ...]]:
    clip = get_object_or_404(clips_visible_to(request.user), code=code)
    kinds = correctable_kinds(request.user, clip)
    if not kinds:
        raise Http404
    return clip, kinds


def _unit(request: UserRequest) -> str:
    return speed_unit_of(request.user)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _refused(request: HttpRequest, clip: Clip, text: str) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": text}, status=422)
    messages.error(request, text)
    return redirect("clip_correct", clip.code)


def _done(request: HttpRequest, clip: Clip) -> HttpResponse:
    url = progress.results_url(clip.form_check)
    if _wants_json(request):
        return JsonResponse({"next": url})
    messages.success(request, _("The report is being computed again. The page shows it when it is ready."))
    return redirect(url)
