"""Verdicts, second readings and comments."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clips.models import FormCheck
from runform.clips.selectors import form_checks_visible_to
from runform.clubs.policies import may_read_thread, may_write_thread, thread_adults
from runform.clubs.selectors import athletes_watched_by
from runform.coaching.forms import CommentForm, VerdictForm
from runform.coaching.models import Comment, Review, Subject, Verdict
from runform.coaching.policies import may_review
from runform.coaching.selectors.access import sees_verdicts_of_others
from runform.coaching.selectors.reviews import comments_in, threads_of
from runform.coaching.services import verdicts
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.comments import Place, comment_add, comment_delete
from runform.coaching.views.common import coachs_review, refused, visible_metric, wants_json
from runform.reports.selectors import reports_of, reports_visible_to


@login_required
@require_POST
def verdict(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Judge one metric, or say what the app missed.  A fragment for the page's own form, else back to the page."""
    review = coachs_review(request, code)
    metric = visible_metric(request, review, request.POST.get("about"))
    form = VerdictForm(request.POST)
    error = "" if form.is_valid() else _("Choose an answer.")
    if form.is_valid():
        try:
            verdicts.verdict_give(review=review, coach=request.user, metric=metric, **form.cleaned_data)
        except ReviewError as refusal:
            error = str(refusal)
    if request.headers.get("HX-Request"):
        return render(request, "coaching/_saved.html", {"error": error})
    if error:
        messages.error(request, error)
    return redirect(review)


@login_required
@require_POST
def verdict_withdraw(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(Verdict.objects.select_related("review__form_check"), code=code, coach=request.user)
    review = coachs_review(request, found.review.code)
    try:
        verdicts.verdict_withdraw(verdict=found)
    except ReviewError as error:
        return refused(request, review, error)
    return redirect(review)


@login_required
@require_POST
def second_reading(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Start a blind second reading, or finish it."""
    review = coachs_review(request, code)
    try:
        if "finish" in request.POST:
            reading = get_object_or_404(review.second_readings, coach=request.user)
            verdicts.second_reading_finish(reading=reading)
            messages.success(request, _("Thank you. Now you see what the other coach said."))
        else:
            verdicts.second_reading_start(review=review, coach=request.user)
    except ReviewError as error:
        return refused(request, review, error)
    return redirect(review)


@login_required
@require_safe
def conversation(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """What coach and athlete wrote about a FormCheck.  A minor's guardians and welfare officers read along."""
    check = _readable_check(request, code)
    review = Review.objects.filter(form_check=check).select_related("form_check__athlete").first()
    by_coach = may_review(request.user, check)
    if review is None or (by_coach and not sees_verdicts_of_others(request.user, review)):
        threads = []
    else:
        newest = reports_of(check).filter(pk__in=reports_visible_to(request.user).values("pk"))
        threads = threads_of(comments_in(review, by_coach=by_coach), newest)
    context = {
        "check": check,
        "review": review,
        "threads": threads,
        "along": thread_adults(check.athlete).exclude(pk=request.user.pk).order_by("name"),
        "may_write": _may_write(request, check, review),
        "sees_results": form_checks_visible_to(request.user).filter(pk=check.pk).exists(),
    }
    whole = not request.headers.get("HX-Request")
    return render(request, "coaching/conversation.html" if whole else "coaching/_conversation.html", context)


@login_required
@require_POST
def comment_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    review = get_object_or_404(Review.objects.select_related("form_check__athlete"), form_check__code=code)
    check = _readable_check(request, code)
    if not _may_write(request, check, review):
        raise Http404
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _not_written(request, check)
    sent = form.cleaned_data
    parent = get_object_or_404(_own_threads(request, review), code=sent["parent"]) if sent["parent"] else None
    place = _place(request, review, sent)
    comment = comment_add(review=review, author=request.user, text=sent["text"], place=place, parent=parent)
    if wants_json(request):
        return JsonResponse({"code": str(comment.code)}, status=201)
    return _back(request, check)


@login_required
@require_POST
def comment_remove(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    comment = get_object_or_404(Comment, code=code, author=request.user, deleted_at=None)
    check = _readable_check(request, comment.review.form_check.code)
    comment_delete(comment=comment, author=request.user)
    return _back(request, check)


def _not_written(request: UserRequest, check: FormCheck) -> HttpResponse:
    text = _("Please write something, in up to 4000 characters.")
    if wants_json(request):
        return JsonResponse({"error": text}, status=400)
    messages.error(request, text)
    return _back(request, check)


def _readable_check(request: UserRequest, code: uuid.UUID) -> FormCheck:
    seen = form_checks_visible_to(request.user) | FormCheck.objects.filter(
        athlete__in=athletes_watched_by(request.user), deleted_at=None
    ).select_related("athlete")
    check = get_object_or_404(seen, code=code)
    if not may_read_thread(request.user, check.athlete):
        raise Http404
    return check


def _may_write(request: UserRequest, check: FormCheck, review: Review | None) -> bool:
    """The athlete's side writes once there is something to answer."""
    if review is None or not may_write_thread(request.user, check.athlete):
        return False
    if may_review(request.user, check):
        return sees_verdicts_of_others(request.user, review)
    return check.published_at is not None or review.refilm_requests.exists()


def _own_threads(request: UserRequest, review: Review) -> QuerySet[Comment]:
    return comments_in(review, by_coach=may_review(request.user, review.form_check))


def _place(request: UserRequest, review: Review, sent: dict[str, object]) -> Place:
    if sent["about"]:
        metric = visible_metric(request, review, sent["about"])
        subject = Subject.FINDING if sent["subject"] == Subject.FINDING else Subject.METRIC
        return Place(subject, metric.report if metric else None, metric.key if metric else "")
    if sent["report"] and sent["t_s"] is not None:
        reports = reports_visible_to(request.user).filter(clip__form_check=review.form_check_id)
        report = get_object_or_404(reports, code=sent["report"])
        return Place(Subject.MOMENT, report, "", float(str(sent["t_s"])), sent["frame"])  # type: ignore[arg-type]
    return Place()


def _back(request: UserRequest, check: FormCheck) -> HttpResponse:
    """The list anew for the page's script; else the page on which the person writes."""
    if request.headers.get("HX-Request"):
        return redirect("conversation", check.code)
    return redirect("review" if may_review(request.user, check) else "results", check.code)
