"""The page of a review: the results page with a coach's tools."""

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clips.models import FormCheck
from runform.clips.pain import pain_advice
from runform.clubs.policies import may_write_thread, thread_adults
from runform.coaching.drafting import EMPTY_TIP, offers, tip_card, tip_cards
from runform.coaching.models import Review
from runform.coaching.policies import may_read_second
from runform.coaching.selectors.access import sees_verdicts_of_others
from runform.coaching.selectors.due import due_day
from runform.coaching.selectors.reviews import (
    checks_reviewable_by,
    comments_in,
    judged_by,
    threads_of,
    verdicts_visible_to,
)
from runform.coaching.services import claims
from runform.coaching.views.common import coachs_review
from runform.core.middleware import microphone_allowed
from runform.reports.page import build_page


@login_required
@require_safe
@microphone_allowed
def review(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    check = get_object_or_404(checks_reviewable_by(request.user), code=code)
    found = Review.objects.filter(form_check=check).select_related("claimed_by", "form_check__athlete").first()
    page = build_page(request.user, check)
    context = {**page, "pain": pain_advice(check), "review": found, **_tools(request, check, found, page)}
    return render(request, "coaching/review.html", context)


def _tools(request: UserRequest, check: FormCheck, review: Review | None, page: dict[str, Any]) -> dict[str, Any]:
    """What the coach may do here.  Without a claim the page is for reading."""
    if review is None:
        return {"holds": False, "judges": False, "blind": True}
    coach = request.user
    holds = claims.holds(review, coach)
    reading = review.second_readings.filter(coach=coach).first()
    judges = holds or (reading is not None and reading.done_at is None)
    knows = sees_verdicts_of_others(coach, review)
    verdicts = list(verdicts_visible_to(coach, review))
    results = page["results"]
    tools: dict[str, Any] = {
        "holds": holds,
        "judges": judges,
        "reading": reading,
        "blind": not knows,
        "may_read_second": not holds and may_read_second(coach, review),
        "judged": judged_by(coach, verdicts, [result for report in page["reports"] for result in report.metrics]),
        "others": [verdict for verdict in verdicts if verdict.coach_id != coach.pk],
        "missed": [verdict for verdict in verdicts if verdict.metric is None],
        "to_judge": [finding.row.key for finding in results.to_work_on],
        "publication": review.publications.first(),
        "due_on": due_day(review),
        "today": timezone.localdate(),
    }
    if judges:
        tools |= {"finding_tools": "coaching/_finding_tools.html", "metric_tools": "coaching/_metric_tools.html"}
    if knows:
        threads = threads_of(comments_in(review, by_coach=True), [report.report for report in page["reports"]])
        tools |= {"threads": threads, "may_write": may_write_thread(coach, check.athlete)}
        tools["along"] = thread_adults(check.athlete).exclude(pk=coach.pk).order_by("name")
    if holds:
        tools |= {"notes_url": "report_notes_edit", "blank_tip": tip_card("__name__", EMPTY_TIP)}
        tools |= {"tips": tip_cards(review, results), "offers": offers(coach, results)}
    return tools


@login_required
@require_POST
def review_beat(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A sign of work from the page; 409 once the claim has ended."""
    review = coachs_review(request, code)
    sent = request.POST.get("seconds", "")
    active_s = int(sent) if sent.isdecimal() and len(sent) < 9 else 0
    held = claims.review_beat(review=review, coach=request.user, active_s=active_s)
    return HttpResponse(status=204 if held else 409)
