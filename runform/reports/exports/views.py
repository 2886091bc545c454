import uuid
from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from runform.accounts.http import UserRequest
from runform.accounts.selectors import speed_unit_of
from runform.clips.models import FormCheck
from runform.clips.selectors import form_checks_visible_to
from runform.core.media import media_response
from runform.core.stream import stream_response
from runform.reports.exports import bundle, pictures
from runform.reports.exports.formats import BY_KEY, FORMATS, has_series
from runform.reports.exports.pdf import check_pdf
from runform.reports.exports.stored import file_parts
from runform.reports.models import Rendering, RenderKind
from runform.reports.policies import may_view_report
from runform.reports.renderings import rendering_order
from runform.reports.results import ClipReport, clip_report
from runform.reports.selectors import reports_of, reports_visible_to


@login_required
@require_safe
def report_download(request: UserRequest, code: uuid.UUID, key: str) -> HttpResponseBase:
    """One file of one report, by the list of formats."""
    one, report = BY_KEY.get(key), visible_report(request, code)
    if one is None or not one.offered(report):
        raise Http404
    name = f"{stem(report.clip.form_check)}-{report.film_view or 'clip'}-{one.filename}"
    return stream_response(request, one.parts(report), content_type=one.content_type, filename=name)


@login_required
@require_safe
def report_frame_png(request: UserRequest, code: uuid.UUID, order: int) -> HttpResponse:
    report = visible_report(request, code)
    frame = next((frame for frame in report.frames if frame.order == order), None)
    if frame is None:
        raise Http404
    name = f"{stem(report.clip.form_check)}-{report.film_view or 'clip'}-{order:02d}.png"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(pictures.png(frame), content_type="image/png", headers=headers)


@login_required
@require_safe
def check_zip(request: UserRequest, code: uuid.UUID) -> HttpResponseBase:
    """All that there is of a FormCheck."""
    check, reports = visible_check(request, code)
    pages = check_pdf(check, reports, speed_unit=speed_unit_of(request.user), now=timezone.localtime())
    extra = [bundle.Entry("report.pdf", [pages])]
    for number, report in enumerate(reports, start=1):
        if (film := film_of(report)) and film.film:
            extra.append(bundle.Entry(f"{bundle.folder_name(report, number)}/skeleton.mp4", file_parts(film.film)))
    parts = bundle.bundle(reports, extra)
    return stream_response(request, parts, content_type="application/zip", filename=f"{stem(check)}.zip")


@login_required
@require_safe
def check_take(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Everything that can be taken away, file by file."""
    check, reports = visible_check(request, code)
    clips = [
        {"report": report, "formats": [one for one in FORMATS if one.offered(report)], "film": film_of(report)}
        for report in reports
    ]
    return render(request, "reports/exports/take.html", {"check": check, "clips": clips})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_film(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The state of the film with the skeleton, asked again and again while it is made; POST orders it."""
    report = visible_report(request, code)
    if not has_series(report):
        raise Http404
    if request.method == "POST":
        rendering_order(report=report.report, kind=RenderKind.OVERLAY)
        if not request.headers.get("HX-Request"):
            return redirect("check_take", code=report.clip.form_check.code)
    return render(request, "reports/exports/_film.html", {"report": report, "film": film_of(report)})


@login_required
@require_safe
def report_overlay(request: UserRequest, code: uuid.UUID) -> HttpResponseBase:
    """The film with the skeleton, when it is made."""
    report = visible_report(request, code)
    film = film_of(report)
    if film is None or not film.film:
        raise Http404
    name = f"{stem(report.clip.form_check)}-{report.film_view or 'clip'}.mp4"
    return media_response(
        request, film.film, content_type="video/mp4", etag=str(film.code), filename=name, attachment=True
    )


def film_of(report: ClipReport) -> Rendering | None:
    return Rendering.objects.filter(report=report.report, kind=RenderKind.OVERLAY).first()


def visible_report(request: UserRequest, code: uuid.UUID) -> ClipReport:
    rows = reports_visible_to(request.user).prefetch_related("metrics", "frames")
    report = get_object_or_404(rows, code=code)
    if not may_view_report(request.user, report):
        raise Http404
    return clip_report(report)


def visible_check(request: UserRequest, code: uuid.UUID) -> tuple[FormCheck, Sequence[ClipReport]]:
    """A FormCheck with its reports; without any there is nothing to take away."""
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    reports = [clip_report(report) for report in reports_of(check) if may_view_report(request.user, report)]
    if not reports:
        raise Http404
    return check, reports


def stem(check: FormCheck) -> str:
    """How a download is called: whose it is and of when."""
    return f"runform-{slugify(str(check.athlete), allow_unicode=True) or 'athlete'}-{check.recorded_on:%Y-%m-%d}"


@login_required
@require_safe
def check_report_pdf(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The report on paper.  It takes less than a second, so nobody waits for a worker."""
    check, reports = visible_check(request, code)
    content = check_pdf(check, reports, speed_unit=speed_unit_of(request.user), now=timezone.localtime())
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{stem(check)}.pdf") or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
