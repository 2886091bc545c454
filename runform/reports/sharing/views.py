import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clips.models import FormCheck
from runform.clips.pain import pain_advice
from runform.clips.selectors import form_checks_visible_to
from runform.core.media import media_response
from runform.reports.models import Rendering
from runform.reports.page import hold_back
from runform.reports.policies import may_view_report
from runform.reports.published import published_review
from runform.reports.results import ClipReport, Finding, build_results
from runform.reports.selectors import reports_of
from runform.reports.sharing import links
from runform.reports.sharing.forms import ShareForm
from runform.reports.sharing.guard import for_link_holders
from runform.reports.sharing.links import Shared, ShareError


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def check_share(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The links to a FormCheck: make one, see who opened which, close them."""
    check = _check(request, code)
    form = ShareForm(request.POST or None, may_show_face=links.may_show_face(request.user, check))
    address = ""
    if request.method == "POST" and form.is_valid():
        try:
            _link, secret = links.link_create(form_check=check, by=request.user, **form.cleaned_data)
            # Shown in this one answer and kept nowhere.
            address = request.build_absolute_uri(reverse("shared", args=[secret]))
        except ShareError as error:
            form.add_error(None, str(error))
    own = links.links_closable_by(request.user, check)
    context: dict[str, Any] = {"check": check, "form": form, "address": address, "links": own, "now": timezone.now()}
    return render(request, "reports/sharing/share.html", context)


@login_required
@require_POST
def share_revoke(request: UserRequest, code: uuid.UUID, link_code: uuid.UUID) -> HttpResponse:
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    link = get_object_or_404(links.links_closable_by(request.user, check), code=link_code)
    if links.link_revoke(link=link):
        messages.success(request, _("The link is closed. It shows nothing any more."))
    return redirect("check_share", code=check.code)


@require_safe
@for_link_holders
def shared(request: HttpRequest, shared: Shared) -> HttpResponse:
    """The results as somebody without an account sees them."""
    results = hold_back(build_results(shared.reports), pain_advice(shared.link.form_check))
    clips = [
        {"report": report, "film": _film(shared, report), "poster": min(_orders(shared, report), default=0)}
        for report in shared.reports
        if not report.refused
    ]
    context = {
        "shared": shared,
        "check": shared.link.form_check,
        "token": shared.secret,
        "results": results,
        "review": published_review(shared.link.form_check),
        "findings": [(finding, _picture(shared, finding)) for finding in results.to_work_on],
        "clips": clips,
        "waiting": any(not clip["film"] for clip in clips),
    }
    return render(request, "reports/sharing/shared.html", context)


@require_POST
@for_link_holders
def shared_seen(request: HttpRequest, shared: Shared) -> HttpResponse:
    """Said by the page itself: a messenger that only looks for a preview does not count."""
    links.link_opened(link=shared.link)
    return HttpResponse(status=204)


@require_safe
@for_link_holders
def shared_frame(request: HttpRequest, shared: Shared, code: uuid.UUID, order: int) -> HttpResponseBase:
    report = _report(shared, code)
    if order not in _orders(shared, report):
        raise Http404
    image = next(frame.image for frame in report.frames if frame.order == order)
    if shared.hides_face:
        name = shared.renderings[report.report.pk].pictures[str(order)]
        image = FieldFile(report.report, report.report._meta.get_field("raw"), name)
    etag = f"{report.report.code}-{order}-{shared.hides_face}"
    return media_response(request, image, content_type="image/jpeg", etag=etag)


@require_safe
@for_link_holders
def shared_film(request: HttpRequest, shared: Shared, code: uuid.UUID) -> HttpResponseBase:
    report = _report(shared, code)
    film = _film(shared, report)
    if film is None:
        raise Http404
    return media_response(request, film.film, content_type="video/mp4", etag=str(film.code))


def _check(request: UserRequest, code: uuid.UUID) -> FormCheck:
    """There must be something to share."""
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    if not any(may_view_report(request.user, report) for report in reports_of(check)):
        raise Http404
    return check


def _report(shared: Shared, code: uuid.UUID) -> ClipReport:
    found = next((report for report in shared.reports if report.report.code == code), None)
    if found is None:
        raise Http404
    return found


def _film(shared: Shared, report: ClipReport) -> Rendering | None:
    return shared.renderings.get(report.report.pk)


def _picture(shared: Shared, finding: Finding) -> int | None:
    """Number of the finding's picture, where it may be shown."""
    order = finding.frame.order if finding.frame else None
    return order if order in _orders(shared, finding.report) else None


def _orders(shared: Shared, report: ClipReport) -> set[int]:
    """The pictures that may be shown: with a hidden face only those that were made so."""
    if not shared.hides_face:
        return {frame.order for frame in report.frames}
    film = _film(shared, report)
    return {int(order) for order in film.pictures} if film else set()
