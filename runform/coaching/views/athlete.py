"""What the athlete sees and does: where the review stands, the published review, the drills."""

import uuid
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clips.models import FormCheck
from runform.clips.selectors import form_checks_visible_to
from runform.coaching.models import Answer, Publication
from runform.coaching.policies import may_review
from runform.coaching.selectors.standing import Standing, standings_of
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.publish import drill_tick, publication_read
from runform.coaching.views.common import athletes_review, refused
from runform.reports.rows import SPECS

TICKS_OF = timedelta(days=14)


@login_required
@require_safe
def review_standing(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Where the review stands and what the coach published: a fragment of the results page, or a page of its own."""
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    standing = standings_of(request.user, [check])[check.pk]
    context: dict[str, Any] = {
        "check": check,
        "standing": standing,
        "own": check.athlete_id == request.user.pk,
        "reviews": may_review(request.user, check),
    }
    if standing.publication:
        context |= _published(standing, standing.publication)
    whole = not request.headers.get("HX-Request")
    return render(request, "coaching/standing.html" if whole else "coaching/_standing.html", context)


def _published(standing: Standing, publication: Publication) -> dict[str, Any]:
    """The tips with the athlete's ticks, and where the coach sees it otherwise than the app."""
    today = timezone.localdate()
    ticks = publication.review.ticks.filter(done_on__gt=today - TICKS_OF).values_list("drill", "done_on")
    days: dict[str, set[Any]] = {}
    for drill, done_on in ticks:
        days.setdefault(drill, set()).add(done_on)
    tips = [
        {
            **tip,
            "label": SPECS[tip["key"]].label if tip["key"] in SPECS else "",
            "drills": [
                {"text": line, "today": today in days.get(line[:120], ()), "n": len(days.get(line[:120], ()))}
                for line in tip["drills"]
            ],
        }
        for tip in publication.content["tips"]
    ]
    otherwise = publication.review.verdicts.filter(
        coach=publication.coach, answer__in=[Answer.DISAGREE, Answer.MISSED], changed_at__lte=publication.published_at
    ).select_related("metric")
    dissent = [(SPECS[v.metric.key].label if v.metric and v.metric.key in SPECS else "", v) for v in otherwise]
    return {"publication": publication, "tips": tips, "dissent": dissent, "today": today}


@login_required
@require_POST
def review_read(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The athlete has opened the review."""
    publication = get_object_or_404(Publication.objects.select_related("review"), code=code)
    athletes_review(request, publication.review.code)
    publication_read(publication=publication, athlete=request.user)
    return HttpResponse(status=204)


@login_required
@require_POST
def review_drill(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Tick off a drill for today, or take the tick back."""
    review = athletes_review(request, code)
    try:
        drill_tick(
            review=review,
            drill=request.POST.get("drill", ""),
            done_on=timezone.localdate(),
            done=request.POST.get("done") == "1",
        )
    except ReviewError as error:
        return refused(request, review, error)
    check: FormCheck = review.form_check
    if request.headers.get("HX-Request"):
        return redirect("review_standing", check.code)
    return redirect("results", check.code)
