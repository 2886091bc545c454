import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clubs.selectors import athletes_coached_by, is_coach
from runform.coaching.selectors.queue import (
    STAGES,
    TO_DO,
    counts_by_stage,
    form_checks_coached_by,
    in_order,
    queue_items,
)
from runform.coaching.selectors.reviews import checks_reviewable_by
from runform.coaching.services import claims
from runform.coaching.services.drafts import draft_propose
from runform.coaching.views.common import coachs_review

PAGE_SIZE = 30
LABELS = {
    "todo": _("To do"),
    "waiting": _("Waiting"),
    "mine": _("Claimed by me"),
    "answered": _("Answered"),
    "claimed": _("Claimed by others"),
    "refilm": _("Re-film asked"),
    "published": _("Published"),
    "closed": _("Closed"),
    "analysing": _("Not analysed yet"),
    "all": _("All"),
}
ORDER_LABELS = {
    "urgent": _("Most urgent first"),
    "due": _("Due first"),
    "flags": _("Most flags first"),
    "newest": _("Newest first"),
}


@login_required
@require_safe
def coach(request: UserRequest) -> HttpResponse:
    """The inbox."""
    if not is_coach(request.user):
        raise Http404
    rows = form_checks_coached_by(request.user)
    found = counts_by_stage(rows)
    counts = {"todo": sum(found[name] for name in TO_DO), **found, "all": sum(found.values())}
    stage = request.GET.get("stage", "todo")
    stage = stage if stage in LABELS else "todo"
    order = request.GET.get("order", "urgent")
    shown = rows if stage == "all" else rows.filter(stage__in=TO_DO if stage == "todo" else [stage])
    if athlete := request.GET.get("athlete", "").strip():
        shown = shown.filter(athlete__name__icontains=athlete)
    pages = Paginator(in_order(shown, order), PAGE_SIZE)
    if not athlete:
        pages.count = counts[stage]
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "items": queue_items(request.user, page.object_list),
        "stages": [(name, LABELS[name], counts[name]) for name in ("todo", *STAGES, "all")],
        "stage": stage,
        "orders": ORDER_LABELS.items(),
        "order": order,
        "athlete": athlete,
        "nobody": not counts["all"],
        "coached": athletes_coached_by(request.user).order_by("name", "pk"),
    }
    return render(request, "coaching/queue.html", context)


@login_required
@require_POST
def review_claim(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Take a FormCheck and go to its review."""
    check = get_object_or_404(checks_reviewable_by(request.user), code=code)
    try:
        review = claims.review_claim(form_check=check, coach=request.user)
    except claims.NotHeldError as error:
        messages.error(request, str(error))
        return redirect("coach")
    draft_propose(review=review)
    return redirect("review", check.code)


@login_required
@require_POST
def review_release(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    review = coachs_review(request, code)
    claims.review_release(review=review, coach=request.user)
    messages.success(request, _("Another coach can take it now. Your draft is kept."))
    return redirect("coach")
