import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clubs.policies import may_view
from runform.coaching.forms import RefilmForm
from runform.coaching.selectors.reviews import refilms_visible_to
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.refilm import refilm_ask, refilm_withdraw
from runform.coaching.views.common import coachs_review, refused
from runform.core.media import media_response
from runform.reports.models import AnnotatedFrame, Report
from runform.reports.rows import number_text, view_label
from runform.reports.selectors import reports_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def refilm_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Ask the athlete for another clip."""
    review = coachs_review(request, code)
    reports = list(reports_of(review.form_check))
    gates = _gates(reports)
    frames = {f"{f.report.code}:{f.order}": f for report in reports for f in report.frames.all()}
    form = RefilmForm(
        request.POST or None,
        gates=[(value, text) for value, (_r, _key, text) in gates.items()],
        frames=[(value, _which(frame)) for value, frame in frames.items()],
        initial={"gate": next(iter(gates), ""), "view": next((r.view for r in reports if r.view), "side")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            refilm_ask(review=review, coach=request.user, **_asked(form.cleaned_data, gates, frames))
        except ReviewError as error:
            return refused(request, review, error)
        messages.success(request, _("Asked. The athlete hears of it."))
        return redirect("coach")
    return render(request, "coaching/refilm.html", {"review": review, "check": review.form_check, "form": form})


def _which(frame: AnnotatedFrame) -> str:
    """Captions repeat; view and moment tell the pictures apart."""
    words = {"view": view_label(frame.report.view), "t": number_text(frame.t_s, 2), "what": frame.caption}
    return _("%(view)s, %(t)s s: %(what)s") % words


def _gates(reports: list[Report]) -> dict[str, tuple[Report, str, str]]:
    """Failed checks first, then those with a warning."""
    found = [
        (check["verdict"] != "fail", report, check)
        for report in reports
        for check in report.quality.get("checks", [])
        if check["verdict"] != "ok"
    ]
    found.sort(key=lambda item: item[0])
    return {f"{r.code}:{check['id']}": (r, check["id"], check["message"]) for _warns, r, check in found}


def _asked(
    sent: dict[str, Any], gates: dict[str, tuple[Report, str, str]], frames: dict[str, AnnotatedFrame]
) -> dict[str, Any]:
    report, gate, reason = gates.get(sent["gate"], (None, "", ""))
    return {
        "view": sent["view"],
        "clip": report.clip if report else None,
        "gate": gate,
        "reason": reason,
        "frame": frames.get(sent["frame"]),
        "text": sent["text"],
    }


@login_required
@require_POST
def refilm_take_back(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(refilms_visible_to(request.user), code=code)
    review = coachs_review(request, found.review.code)
    refilm_withdraw(request=found)
    return redirect(review)


@login_required
@require_safe
def refilm_frame(request: UserRequest, code: uuid.UUID) -> HttpResponseBase:
    """The picture that the coach chose to show, also while the results wait."""
    found = get_object_or_404(refilms_visible_to(request.user), code=code)
    # The clip may have been handed over to the athlete whom it shows.
    if found.frame is None or not may_view(request.user, found.frame.report.clip):
        raise Http404
    return media_response(request, found.frame.image, content_type="image/jpeg", etag=f"{found.code}-frame")
