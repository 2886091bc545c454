import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.clubs.models import Club
from runform.clubs.selectors import clubs_managed_by, clubs_visible_to, squads_of
from runform.desk.club.filters import ORDERS, STATES, Filter
from runform.desk.club.people import Person, may_see_people, people_of
from runform.desk.club.squads import GROUP_MIN, pictures_of
from runform.desk.models import SavedView
from runform.reports.exports.tables import csv_parts

PAGE_SIZE = 50
VIEWS_MAX = 20
QUERY_MAX = 500
COLUMNS = (
    "athlete", "squads", "form_checks", "last_filmed", "weeks_ago", "waiting", "overdue", "unread",
    "changed_nearer_to_ok", "changed_further_from_ok", "changed",
)  # fmt: skip


@login_required
@require_safe
def people(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club, chosen = _club(request, code), Filter.read(request.GET.dict())
    everybody = people_of(request.user, club)
    found = chosen.of(everybody)
    context = {
        "club": club,
        "filter": chosen,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "found": len(found),
        "n_all": len(everybody),
        "states": [(name, label, len(Filter(state=name).of(everybody))) for name, label in STATES.items()],
        "squads": club.squads.all(),
        "orders": ORDERS.items(),
        "manages": clubs_managed_by(request.user).filter(pk=club.pk).exists(),
        "views": SavedView.objects.filter(user=request.user, club=club),
    }
    return render(request, "desk/club_people.html", context)


@login_required
@require_safe
def people_csv(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = _club(request, code)
    found = Filter.read(request.GET.dict()).of(people_of(request.user, club))
    response = HttpResponse(b"".join(csv_parts(COLUMNS, _lines(found))), content_type="text/csv; charset=utf-8")
    name = f"{slugify(club.name) or 'club'}-{timezone.localdate()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@login_required
@require_safe
def squad_picture(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = _club(request, code)
    squads = list(squads_of(club))
    squad = next((squad for squad in squads if str(squad.code) == request.GET.get("squad")), None)
    count, pictures = pictures_of(club, str(squad.code) if squad else "")
    context = {"club": club, "squads": squads, "squad": squad, "n": count, "pictures": pictures, "least": GROUP_MIN}
    return render(request, "desk/club_squad.html", context)


@login_required
@require_POST
def view_save(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club, name = _club(request, code), request.POST.get("name", "").strip()[:60]
    query = Filter.read(QueryDict(request.POST.get("query", "")[:500]).dict()).query
    own = SavedView.objects.filter(user=request.user, club=club)
    if not name:
        messages.error(request, _("Please give the view a name."))
    elif len(query) > QUERY_MAX:
        messages.error(request, _("This name is too long to be kept."))
    elif own.exclude(name=name).count() >= VIEWS_MAX:
        messages.error(request, _("These are many views already. Please remove one first."))
    else:
        SavedView.objects.update_or_create(user=request.user, club=club, name=name, defaults={"query": query})
    return redirect(f"{_address(club)}?{query}")


@login_required
@require_POST
def view_remove(request: UserRequest, code: uuid.UUID, view: uuid.UUID) -> HttpResponse:
    saved = get_object_or_404(SavedView, user=request.user, club=_club(request, code), code=view)
    saved.delete()
    return redirect(_address(saved.club))


def _club(request: UserRequest, code: uuid.UUID) -> Club:
    club = get_object_or_404(clubs_visible_to(request.user), code=code)
    if not may_see_people(request.user, club):
        raise Http404
    return club


def _address(club: Club) -> str:
    return reverse("club_people", args=[club.code])


def _lines(people: list[Person]) -> Iterator[list[object]]:
    for person in people:
        names = ", ".join(squad.name for squad in person.squads)
        if not person.shares:
            yield [person.athlete.name, names, *[None] * 9]
            continue
        changed = [f"{change.label} {change.by}" for change in person.changes]
        numbers = [person.n_nearer, person.n_further, "; ".join(changed)] if person.sees_numbers else [None] * 3
        counts = [person.n_waiting, person.n_overdue, person.n_unread]
        yield [person.athlete.name, names, person.n_checks, person.last_on, person.weeks_ago, *counts, *numbers]
