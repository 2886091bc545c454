from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from runform.accounts.http import UserRequest
from runform.clubs.selectors import is_coach
from runform.coaching.selectors.queue import form_checks_coached_by
from runform.processing.selectors import check_states

PAGE_SIZE = 30


@login_required
@require_GET
def coach(request: UserRequest) -> HttpResponse:
    if not is_coach(request.user):
        raise Http404
    page = Paginator(form_checks_coached_by(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "coaching/coach.html", {"page": page, "states": check_states(page.object_list)})
