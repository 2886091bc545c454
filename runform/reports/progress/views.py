import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from runform.accounts.http import UserRequest
from runform.accounts.models import User
from runform.clips.selectors import form_checks_visible_to
from runform.clubs.selectors import athletes_visible_to
from runform.reports.progress.figures import trend_figure
from runform.reports.progress.marks import marks_of
from runform.reports.progress.occasions import Occasion, occasions_of
from runform.reports.progress.trends import build_standing, build_trends

# Years of weekly filming; what is older stays on its own page.
FORM_CHECKS = 150


@login_required
@require_safe
def progress(request: UserRequest, code: uuid.UUID | None = None) -> HttpResponse:
    """The numbers of an athlete over time; without a code one's own."""
    athlete = _athlete(request, code)
    occasions = _occasions(request, athlete)
    context: dict[str, Any] = {
        "athlete": athlete,
        "occasions": list(reversed(occasions)),
        "trends": [trend for trend in build_trends(occasions) if len(trend.steps) > 1],
        "standing": [trend for trend in build_standing(occasions) if len(trend.steps) > 1],
        "marks": list(reversed(marks_of(request.user, athlete))),
    }
    return render(request, "reports/progress/progress.html", context)


@login_required
@require_safe
def progress_charts(request: UserRequest, code: uuid.UUID) -> JsonResponse:
    """Plotly figures by metric."""
    athlete = _athlete(request, code)
    marks = marks_of(request.user, athlete)
    occasions = _occasions(request, athlete)
    trends = (*build_trends(occasions), *build_standing(occasions))
    return JsonResponse({trend.name: trend_figure(trend, marks) for trend in trends if len(trend.steps) > 1})


def _athlete(request: UserRequest, code: uuid.UUID | None) -> User:
    return get_object_or_404(athletes_visible_to(request.user), code=code) if code else request.user


def _occasions(request: UserRequest, athlete: User) -> list[Occasion]:
    newest = form_checks_visible_to(request.user).filter(athlete=athlete)[:FORM_CHECKS]
    return occasions_of(request.user, newest)
