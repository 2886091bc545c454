import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from runform.accounts.http import UserRequest
from runform.clubs import services
from runform.clubs.forms import AssignmentForm, ClubForm, InvitationForm, SettingsForm, SquadForm
from runform.clubs.models import Club, Membership
from runform.clubs.selectors import (
    assignments_of,
    clubs_managed_by,
    clubs_visible_to,
    enrolments_open,
    invitations_open,
    members_visible_to,
    squads_of,
)

PAGE_SIZE = 50


@login_required
@require_http_methods(["GET", "POST"])
def club_new(request: UserRequest) -> HttpResponse:
    form = ClubForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("club", services.club_create(name=form.cleaned_data["name"], manager=request.user).code)
    return render(request, "clubs/club_new.html", {"form": form})


@login_required
@require_GET
def club(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_visible_to(request.user), code=code)
    mine = list(club.memberships.filter(user=request.user, ended_at=None))
    context = {
        "club": club,
        "page": Paginator(members_found(request, club), PAGE_SIZE).get_page(request.GET.get("page")),
        "query": request.GET.get("q", ""),
        "mine": mine,
        "manages": clubs_managed_by(request.user).filter(pk=club.pk).exists(),
        "sees_people": any(row.role in ("manager", "coach") for row in mine),
        "watches": any(row.role == "welfare" for row in mine),
        "reads_log": any(row.role in ("manager", "welfare") for row in mine),
    }
    if context["manages"]:
        context |= {
            "assignments": assignments_of(club),
            "squads": squads_of(club),
            "invitations": invitations_open().filter(club=club).select_related("athlete").order_by("-created_at"),
            "enrolments": enrolments_open(club),
            "invitation_form": InvitationForm(),
            "assignment_form": AssignmentForm(club=club),
        }
    return render(request, "clubs/club.html", context)


def members_found(request: UserRequest, club: Club) -> QuerySet[Membership]:
    """Those whom this person may see, narrowed by a search in names and addresses."""
    rows, query = members_visible_to(request.user, club), request.GET.get("q", "").strip()
    return rows.filter(Q(user__name__icontains=query) | Q(user__email__iexact=query)) if query else rows


@login_required
@require_http_methods(["GET", "POST"])
def club_settings(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    form = SettingsForm(request.POST or None, instance=club)
    if request.method == "POST" and form.is_valid():
        services.club_change(club=club, fields=form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("club_settings", club.code)
    return render(request, "clubs/settings.html", {"club": club, "form": form})


@login_required
@require_POST
def assignment_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    form = AssignmentForm(request.POST, club=club)
    if form.is_valid():
        for athlete in form.chosen_athletes():
            services.coach_assign(club=club, coach=form.cleaned_data["coach"], athlete=athlete, by=request.user)
    else:
        messages.error(request, form.trouble())
    return redirect("club", club.code)


@login_required
@require_POST
def assignment_end(request: UserRequest, code: uuid.UUID, assignment: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    services.assignment_end(assignment=get_object_or_404(club.assignments, code=assignment), by=request.user)
    return redirect("club", club.code)


@login_required
@require_POST
def squad_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    form = SquadForm(request.POST, club=club)
    if form.is_valid():
        squad = services.squad_save(club=club, squad=None, by=request.user, **form.cleaned_data)
        return redirect("squad_change", club.code, squad.code)
    messages.error(request, form.trouble())
    return redirect("club", club.code)


@login_required
@require_http_methods(["GET", "POST"])
def squad_change(request: UserRequest, code: uuid.UUID, squad: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    known = get_object_or_404(club.squads, code=squad)
    form = SquadForm(request.POST or None, club=club, squad=known)
    if request.method == "POST" and form.is_valid():
        services.squad_save(club=club, squad=known, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("squad_change", club.code, known.code)
    return render(request, "clubs/squad.html", {"club": club, "squad": known, "form": form})


@login_required
@require_POST
def squad_delete(request: UserRequest, code: uuid.UUID, squad: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    services.squad_delete(squad=get_object_or_404(club.squads, code=squad), by=request.user)
    return redirect("club", club.code)


@login_required
@require_POST
def member_end(request: UserRequest, code: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """A manager ends anybody's membership; everybody may end their own."""
    club = get_object_or_404(clubs_visible_to(request.user), code=code)
    rows = club.memberships.filter(ended_at=None).select_related("user")
    if not clubs_managed_by(request.user).filter(pk=club.pk).exists():
        rows = rows.filter(user=request.user)
    try:
        services.member_end(membership=get_object_or_404(rows, code=membership), by=request.user)
    except services.ClubError as error:
        messages.error(request, str(error))
    still_in = clubs_visible_to(request.user).filter(pk=club.pk).exists()
    return redirect("club", club.code) if still_in else redirect("home")
