"""The summary: save, fill from the library, publish, close."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.coaching.drafting import EMPTY_TIP, find_tip, library_of, rows_of, tip_card
from runform.coaching.forms import DueForm, draft_content
from runform.coaching.history import changes
from runform.coaching.models import Review
from runform.coaching.services import claims, drafts, publish
from runform.coaching.services.claims import ReviewError
from runform.coaching.tips import UnfilledSlotError, filled
from runform.coaching.views.common import coachs_review, refused, wants_json
from runform.reports.page import build_page


@login_required
@require_POST
def review_draft(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Save the draft; with ``publish`` send it to the athlete as well, in one go."""
    review = coachs_review(request, code)
    try:
        version = drafts.draft_save(
            review=review, coach=request.user, version=_version(request), content=draft_content(request.POST)
        )
        if "publish" in request.POST:
            return _publish(request, review, version)
    except drafts.StaleDraftError as error:
        return _stale(request, review, error)
    except ReviewError as error:
        return refused(request, review, error)
    if wants_json(request):
        return JsonResponse({"version": version})
    messages.success(request, _("Your draft is saved."))
    return redirect(review)


def _publish(request: UserRequest, review: Review, version: int) -> HttpResponse:
    publish.review_publish(review=review, coach=request.user, version=version)
    messages.success(request, _("Published. The athlete hears of it."))
    return redirect("coach")


def _stale(request: UserRequest, review: Review, error: ReviewError) -> HttpResponse:
    """Two versions: nothing is thrown away.  The page keeps its text and shows the other one beside it."""
    review.refresh_from_db()
    if _pressed_twice(request, review):
        return redirect("coach")
    if wants_json(request):
        return JsonResponse({"error": str(error), "version": review.draft_version}, status=409)
    context = {"review": review, "mine": draft_content(request.POST), "error": error}
    return render(request, "coaching/conflict.html", context, status=409)


def _pressed_twice(request: UserRequest, review: Review) -> bool:
    """The same text was published a moment ago by the same coach."""
    newest = review.publications.first()
    if "publish" not in request.POST or newest is None or newest.coach_id != request.user.pk:
        return False
    sent = drafts.draft_clean(draft_content(request.POST))
    return all(newest.content.get(name) == value for name, value in sent.items())


@login_required
@require_safe
def review_draft_text(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The draft as it is stored now, to set beside one's own."""
    return render(request, "coaching/_draft_text.html", {"draft": coachs_review(request, code).draft})


@login_required
@require_safe
def review_tip(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A tip for the draft: from the library with this runner's numbers, or an empty one."""
    review = coachs_review(request, code)
    name = f"n{uuid.uuid4().hex[:8]}"
    source, _colon, key = request.GET.get("from", "").partition(":")
    tip = {**EMPTY_TIP, "key": key}
    if source:
        found = find_tip(library_of(request.user), source)
        row = rows_of(build_page(request.user, review.form_check)["results"]).get(key)
        try:
            tip = filled(found, row) if found else tip
        except (UnfilledSlotError, ValueError) as error:
            return render(request, "coaching/_tip_refused.html", {"error": error})
    return render(request, "coaching/_tip.html", {"tip": tip_card(name, tip)})


@login_required
@require_POST
def review_close(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    review = coachs_review(request, code)
    try:
        publish.review_close(review=review, coach=request.user)
    except ReviewError as error:
        return refused(request, review, error)
    messages.success(request, _("Closed. A word of the athlete opens it again."))
    return redirect("coach")


@login_required
@require_POST
def review_due(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    review = coachs_review(request, code)
    form = DueForm(request.POST)
    if form.is_valid():
        claims.review_due(review=review, due_on=form.cleaned_data["due_on"])
    else:
        messages.error(request, " ".join(map(str, form.errors["due_on"])))
    return redirect(review)


@login_required
@require_safe
def review_history(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """All that was published, newest first, with what changed."""
    review = coachs_review(request, code)
    context = {"review": review, "versions": changes(list(review.publications.select_related("coach")))}
    return render(request, "coaching/history.html", context)


def _version(request: UserRequest) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else -1
