import uuid

from django.contrib.auth.decorators import login_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from analysis.metrics import METRICS
from runform.accounts.http import UserRequest
from runform.clips.selectors import form_checks_visible_to
from runform.core.media import media_response
from runform.reports.curves import build_figures
from runform.reports.detail import metric_detail, time_chart
from runform.reports.guide import FILM_VIEWS, metric_groups, metric_page, views_give
from runform.reports.levels import level_choose
from runform.reports.models import Level, Report
from runform.reports.page import build_page
from runform.reports.player import PLAYER_FORMAT, NoFilmError, pack_landmarks
from runform.reports.policies import may_view_report
from runform.reports.rows import SPECS
from runform.reports.selectors import reports_visible_to

# A report never changes; the limit is there so that a removed clip leaves the memory, too.
LANDMARKS_KEPT_S = 15 * 60


@login_required
@require_safe
def results(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    return render(request, "reports/results.html", build_page(request.user, check))


@login_required
@require_safe
def report_charts(request: UserRequest, code: uuid.UUID) -> JsonResponse:
    """Plotly figures by waveform."""
    return JsonResponse(build_figures(_visible_report(request, code)))


@login_required
@require_safe
def report_time(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A curve of the clip over its time, as a fragment: ``?series=``, or the first."""
    report = _visible_report(request, code)
    chart = time_chart(report, list(report.metrics.all()), request.GET.get("series", ""))
    return render(request, "reports/_time_chart.html", {"report": report, "chart": chart})


@login_required
@require_safe
def metric_strides(request: UserRequest, code: uuid.UUID, key: str) -> HttpResponse:
    """What stands behind one number, as a fragment: its curve, strides, left against right."""
    report = _visible_report(request, code)
    detail = metric_detail(report, list(report.metrics.all()), key)
    if detail is None:
        raise Http404
    return render(request, "reports/_metric_detail.html", {"detail": detail})


@login_required
@require_safe
def report_frame(request: UserRequest, code: uuid.UUID, order: int) -> HttpResponseBase:
    report = _visible_report(request, code)
    frame = get_object_or_404(report.frames, order=order)
    return media_response(request, frame.image, content_type="image/jpeg", etag=f"{report.code}-{order}")


@login_required
@require_safe
def report_copy(request: UserRequest, code: uuid.UUID) -> HttpResponseBase:
    """The clip as every browser plays it."""
    report = _visible_report(request, code)
    if not report.review_copy:
        raise Http404
    return media_response(request, report.review_copy, content_type="video/mp4", etag=f"{report.code}-copy")


@login_required
@require_safe
def report_landmarks(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The landmarks that the player draws over the clip."""
    report = _visible_report(request, code)
    if not (report.review_copy and report.series):
        raise Http404
    etag = f'"{report.code}-player-{PLAYER_FORMAT}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Encoding": "gzip"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    try:
        content = caches["process"].get_or_set(etag, lambda: pack_landmarks(report), LANDMARKS_KEPT_S)
    except NoFilmError as error:
        raise Http404 from error
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


@login_required
@require_POST
def level_set(request: UserRequest) -> HttpResponse:
    """For runners or for coaches; remembered."""
    level = request.POST.get("level", "")
    if level in Level.values:
        level_choose(user=request.user, level=level)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return redirect(target if safe and target.startswith("/") else "home")


@require_safe
def metric_list(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/metric_list.html", {"groups": metric_groups(METRICS), "views": views_give(METRICS)})


@require_safe
def metric(request: HttpRequest, key: str) -> HttpResponse:
    if key not in SPECS:
        raise Http404
    return render(request, "reports/metric.html", {"metric": metric_page(SPECS[key])})


@require_safe
def film(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/film.html", {"views": FILM_VIEWS})


def _visible_report(request: UserRequest, code: uuid.UUID) -> Report:
    report = get_object_or_404(reports_visible_to(request.user), code=code)
    if not may_view_report(request.user, report):
        raise Http404
    return report
