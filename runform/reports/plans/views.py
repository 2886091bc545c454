import uuid
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clips.selectors import form_checks_visible_to
from runform.reports.models import Plan
from runform.reports.page import build_page
from runform.reports.plans.items import plan_items
from runform.reports.plans.selectors import last_day, plan_open, plans_visible_to, week_of
from runform.reports.plans.services import plan_end, plan_start, tick_set


@login_required
@require_safe
def plan_mine(request: UserRequest) -> HttpResponse:
    plan = plan_open(request.user)
    return redirect(plan) if plan else render(request, "reports/plan_none.html")


@login_required
@require_safe
def plan(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(plans_visible_to(request.user), code=code)
    return render(request, "reports/plan.html", _context(request, found, _day(request.GET.get("week"))))


@login_required
@require_POST
def plan_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """From the findings of a FormCheck, by the athlete."""
    checks = form_checks_visible_to(request.user).filter(athlete=request.user)
    check = get_object_or_404(checks, code=code)
    items = plan_items(build_page(request.user, check)["results"])
    if not items:
        messages.error(request, _("There is nothing to plan from this FormCheck."))
        return redirect("results", check.code)
    return redirect(plan_start(check=check, items=items))


@login_required
@require_POST
def plan_stop(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    found = get_object_or_404(_own(request), code=code)
    plan_end(plan=found)
    messages.success(request, _("The plan has ended. What you ticked is kept."))
    return redirect(found)


@login_required
@require_POST
def plan_tick(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """``item``, ``day``, ``done`` (1 or 0): the row anew for htmx, the week for everybody else."""
    found = get_object_or_404(_own(request), code=code, ended_at=None)
    day = _day(request.POST.get("day"))
    wanted = _code(request.POST.get("item", ""))
    item = found.items.filter(code=wanted).first() if wanted else None
    if item is None or not found.started_on <= day <= last_day(found):
        raise Http404
    tick_set(item=item, day=day, done=request.POST.get("done") == "1", by=request.user)
    if request.headers.get("HX-Request"):
        return render(request, "reports/_plan_week.html", _context(request, found, day))
    return redirect(f"{found.get_absolute_url()}?week={day.isoformat()}")


def _own(request: UserRequest) -> QuerySet[Plan]:
    return plans_visible_to(request.user).filter(athlete=request.user)


def _context(request: UserRequest, found: Plan, day: date) -> dict[str, object]:
    may_tick = found.athlete == request.user and found.ended_at is None
    return {"plan": found, "week": week_of(found, day), "may_tick": may_tick, "today": timezone.localdate()}


def _day(text: str | None) -> date:
    try:
        return parse_date(text or "") or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _code(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
