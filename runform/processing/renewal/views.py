"""A manager orders that the club's old clips are analysed again; and what a newer version made of one report."""

import math
import uuid
from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from analysis import ANALYSIS_VERSION
from runform.accounts.http import UserRequest
from runform.accounts.selectors import speed_unit_of
from runform.clubs.selectors import clubs_managed_by
from runform.processing.renewal import services
from runform.processing.renewal.selectors import renewals_managed_by, reports_outdated, standing_of
from runform.processing.renewal.tally import tally_lines
from runform.processing.versions import versions_of
from runform.processing.waiting import duration_text, usual_seconds
from runform.reports.differences import differences_of
from runform.reports.policies import may_view_report
from runform.reports.selectors import reports_visible_to

EARLIER = 10


@login_required
@require_safe
def club_renewal(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    renewals = list(renewals_managed_by(request.user).filter(club=club)[:EARLIER])
    outdated = Counter(reports_outdated(club).order_by().values_list("analysis_version", flat=True))
    standing = standing_of(renewals[0]) if renewals else None
    to_come = standing.to_come if standing and not renewals[0].ended_at else outdated.total()
    each_s = usual_seconds()
    context = {
        "club": club,
        "version": ANALYSIS_VERSION,
        "outdated": sorted(outdated.items()),
        "n_outdated": outdated.total(),
        "computing": duration_text(math.ceil(to_come * each_s / 60)) if each_s else "",
        "renewal": renewals[0] if renewals else None,
        "standing": standing,
        "lines": tally_lines(renewals[0].tally) if renewals else [],
        "earlier": renewals[1:],
    }
    part = "processing/_renewal.html" if request.headers.get("HX-Request") else "processing/renewal.html"
    return render(request, part, context)


@login_required
@require_POST
def club_renewal_start(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    try:
        services.renewal_start(club=club, by=request.user)
    except services.RenewalError as error:
        messages.info(request, str(error))
    return redirect("club_renewal", club.code)


@login_required
@require_POST
def renewal_change(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Pause, go on, or stop for good."""
    renewal = get_object_or_404(renewals_managed_by(request.user), code=code)
    wish = request.POST.get("wish")
    if wish == "stop":
        services.renewal_stop(renewal=renewal)
    elif wish in ("pause", "resume"):
        services.renewal_pause(renewal=renewal, paused=wish == "pause")
    return redirect("club_renewal", get_object_or_404(clubs_managed_by(request.user), renewals=renewal).code)


@login_required
@require_safe
def report_difference(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A version of a report beside the one before it, metric by metric."""
    report = get_object_or_404(reports_visible_to(request.user), code=code)
    if not may_view_report(request.user, report):
        raise Http404
    versions = versions_of(report.clip, speed_unit_of(request.user))
    place = next(number for number, one in enumerate(versions) if one.report.pk == report.pk)
    earlier = versions[place + 1 : place + 2]
    if not earlier or not reports_visible_to(request.user).filter(pk=earlier[0].report.pk).exists():
        raise Http404
    context = {
        "clip": report.clip,
        "check": report.clip.form_check,
        "before": earlier[0],
        "after": versions[place],
        "differences": list(differences_of(earlier[0].report, versions[place].report)),
        "same_version": report.analysis_version == earlier[0].report.analysis_version,
    }
    return render(request, "processing/difference.html", context)
