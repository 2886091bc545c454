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
from runform.coaching.models import Publication, Verdict
from runform.coaching.policies import may_review
from runform.coaching.selectors.agreement import OTHERWISE
from runform.coaching.selectors.reviews import judged_by
from runform.coaching.selectors.standing import Standing, standings_of
from runform.coaching.services.claims import ReviewError
from runform.coaching.services.publish import drill_tick, publication_read
from runform.coaching.views.common import athletes_review, refused
from runform.reports.rows import SPECS
from runform.reports.selectors import metrics_newest

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
    return {"publication": publication, "tips": tips, "dissent": _dissent(publication), "today": today}


def _dissent(publication: Publication) -> list[tuple[str, Verdict, bool]]:
    """Label, verdict, and whether it was said of an earlier version in which the number was another."""
    review = publication.review
    given = review.verdicts.filter(coach=publication.coach, changed_at__lte=publication.published_at)
    verdicts = list(given.select_related("coach", "metric__report"))
    results = metrics_newest().filter(report__clip__form_check=review.form_check_id).select_related("report")
    judged = judged_by(publication.coach, verdicts, results).values()
    found = [(SPECS[one.result.key].label, one.verdict, not one.holds) for one in judged if one.result.key in SPECS]
    found += [("", verdict, False) for verdict in verdicts if verdict.metric is None]
    return [line for line in found if line[1].answer in OTHERWISE]


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
