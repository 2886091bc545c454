import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from runform.accounts.http import UserRequest
from runform.clips.selectors import form_checks_visible_to
from runform.reports.compare.pages import build_page
from runform.reports.progress.occasions import occasions_of


@login_required
@require_safe
def check_compare(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A FormCheck beside another one of the same athlete; without ``with``, beside the one before it."""
    visible = form_checks_visible_to(request.user)
    check = get_object_or_404(visible, code=code)
    occasions = occasions_of(request.user, visible.filter(athlete=check.athlete))
    here = next((one for one in occasions if one.check == check), None)
    context = {"check": check, "others": list(reversed(occasions)), "here": here}
    if here is None:
        return render(request, "reports/compare/compare.html", context)
    at = occasions.index(here)
    there = occasions[at - 1] if at else next(iter(occasions[1:]), here)
    if "with" in request.GET:
        found = next((one for one in occasions if str(one.check.code) == request.GET["with"]), None)
        if found is None:
            raise Http404
        there = found
    # Before and after are what the calendar says.
    before, after = sorted((here, there), key=occasions.index)
    page = build_page(before, after, {name: request.GET.get(name, "") for name in ("before", "after")})
    return render(request, "reports/compare/compare.html", {**context, "there": there, **page})
