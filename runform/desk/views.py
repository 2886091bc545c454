from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from runform.accounts.models import User
from runform.clips.selectors import form_checks_visible_to
from runform.clubs.selectors import invitations_for
from runform.desk.selectors import health_report
from runform.processing.selectors import check_states

PAGE_SIZE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One's own FormChecks with the next step; a stranger learns what this is."""
    if not isinstance(request.user, User):
        return render(request, "desk/landing.html")
    own = form_checks_visible_to(request.user).filter(athlete=request.user)
    page = Paginator(own, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "states": check_states(page.object_list),
        "invitations": invitations_for(request.user),
    }
    return render(request, "desk/home.html", context)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    well, facts = health_report()
    return JsonResponse({"status": "ok" if well else "unwell", **facts}, status=200 if well else 503)
