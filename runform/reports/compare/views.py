import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from runform.accounts.http import UserRequest
from runform.clips.selectors import form_checks_visible_to
from runform.reports.compare.pages import build_page
from runform.reports.progress.occasions import checks_with_numbers, occasions_of


@login_required
@require_safe
def check_compare(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """A FormCheck beside another one of the same athlete; without ``with``, beside the one before it."""
    check = get_object_or_404(form_checks_visible_to(request.user), code=code)
    checks = checks_with_numbers(request.user, check.athlete)
    context = {"check": check, "others": list(reversed(checks)), "here": check in checks}
    if check not in checks:
        return render(request, "reports/compare/compare.html", context)
    at = checks.index(check)
    there = checks[at - 1] if at else next(iter(checks[1:]), check)
    if "with" in request.GET:
        found = next((one for one in checks if str(one.code) == request.GET["with"]), None)
        if found is None:
            raise Http404
        there = found
    # Before and after are what the calendar says.
    before, *after = occasions_of(request.user, {check, there})
    asked = {name: request.GET.get(name, "") for name in ("before", "after")}
    page = build_page(before, after[0] if after else before, asked)
    return render(request, "reports/compare/compare.html", {**context, "there": there, **page})
