import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from runform.accounts.http import UserRequest
from runform.clubs import services
from runform.clubs.forms import AssignmentForm, ClubForm, InvitationForm
from runform.clubs.models import Role
from runform.clubs.selectors import assignments_of, clubs_managed_by, clubs_visible_to, invitations_for, members_of


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
    context = {
        "club": club,
        "members": members_of(club),
        "mine": club.memberships.filter(user=request.user, ended_at=None),
        "manages": clubs_managed_by(request.user).filter(pk=club.pk).exists(),
    }
    if context["manages"]:
        context |= {
            "assignments": assignments_of(club),
            "invitations": club.invitations.filter(answered_at=None),
            "invitation_form": InvitationForm(),
            "assignment_form": AssignmentForm(club=club),
        }
    return render(request, "clubs/club.html", context)


@login_required
@require_POST
def invitation_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give an e-mail address and a role."))
        return redirect("club", club.code)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    site_url = request.build_absolute_uri("/")
    try:
        services.invitation_send(club=club, email=email, role=role, invited_by=request.user, site_url=site_url)
        messages.success(request, _("The invitation is on its way."))
    except services.ClubError as error:
        messages.error(request, str(error))
    return redirect("club", club.code)


@login_required
@require_POST
def invitation_withdraw(request: UserRequest, code: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    services.invitation_withdraw(invitation=get_object_or_404(club.invitations, code=invitation))
    return redirect("club", club.code)


@login_required
@require_POST
def invitation_answer(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    invitation = get_object_or_404(invitations_for(request.user), code=code)
    accept = request.POST.get("answer") == "accept"
    services.invitation_answer(invitation=invitation, user=request.user, accept=accept)
    return redirect("club", invitation.club.code) if accept else redirect("home")


@login_required
@require_POST
def assignment_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    form = AssignmentForm(request.POST, club=club)
    try:
        if form.is_valid():
            services.coach_assign(club=club, **form.cleaned_data)
        else:
            messages.error(request, _("Please choose a coach and an athlete."))
    except services.ClubError as error:
        messages.error(request, str(error))
    return redirect("club", club.code)


@login_required
@require_POST
def assignment_end(request: UserRequest, code: uuid.UUID, assignment: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    services.assignment_end(assignment=get_object_or_404(club.assignments, code=assignment))
    return redirect("club", club.code)


@login_required
@require_POST
def member_end(request: UserRequest, code: uuid.UUID, membership: uuid.UUID) -> HttpResponse:
    """A manager ends anybody's membership; everybody may end their own."""
    club = get_object_or_404(clubs_visible_to(request.user), code=code)
    rows = club.memberships.filter(ended_at=None)
    if not clubs_managed_by(request.user).filter(pk=club.pk).exists():
        rows = rows.filter(user=request.user)
    try:
        services.member_end(membership=get_object_or_404(rows, code=membership))
    except services.ClubError as error:
        messages.error(request, str(error))
    still_in = clubs_visible_to(request.user).filter(pk=club.pk).exists()
    return redirect("club", club.code) if still_in else redirect("home")
