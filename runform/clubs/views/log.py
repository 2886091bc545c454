"""Who saw and did what, for those whom it concerns."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from runform.accounts.http import UserRequest
from runform.clubs.selectors import clubs_with_log_for, log_of_athlete, log_of_club, people_decided_by

PAGE_SIZE = 50


@login_required
@require_GET
def person_log(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(people_decided_by(request.user), code=athlete)
    page = Paginator(log_of_athlete(person), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "clubs/log.html", {"page": page, "person": person, "own": person == request.user})


@login_required
@require_GET
def club_log(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_with_log_for(request.user), code=code)
    page = Paginator(log_of_club(club), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "clubs/log.html", {"page": page, "club": club})
