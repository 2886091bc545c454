import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from runform.accounts.http import UserRequest
from runform.clubs import services
from runform.clubs.forms import AssignmentForm, ClubForm, InvitationForm, SettingsForm, SquadForm
from runform.clubs.selectors import (
    assignments_of,
    clubs_managed_by,
    clubs_visible_to,
    enrolments_open,
    invitations_open,
    members_visible_to,
    squads_of,
)


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
        "members": members_visible_to(request.user, club),
        "mine": mine,
        "manages": clubs_managed_by(request.user).filter(pk=club.pk).exists(),
        "reads_log": any(row.role in ("manager", "welfare") for row in mine),
    }
    if context["manages"]:
        context |= {
            "assignments": assignments_of(club),
            "squads": squads_of(club),
            "squad_form": SquadForm(club=club),
            "invitations": invitations_open().filter(club=club).select_related("athlete").order_by("-created_at"),
            "enrolments": enrolments_open(club),
            "invitation_form": InvitationForm(),
            "assignment_form": AssignmentForm(club=club),
        }
    return render(request, "clubs/club.html", context)


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
def squad_save(request: UserRequest, code: uuid.UUID, squad: uuid.UUID | None = None) -> HttpResponse:
    """A new squad, or another name and other athletes for one that is there."""
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    known = get_object_or_404(club.squads, code=squad) if squad else None
    form = SquadForm(request.POST, club=club, squad=known)
    if form.is_valid():
        services.squad_save(club=club, squad=known, by=request.user, **form.cleaned_data)
    else:
        messages.error(request, form.trouble())
    return redirect("club", club.code)


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
