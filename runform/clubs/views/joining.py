"""Ways into a club: an invitation to an address, or the club's own code."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from runform.accounts.http import UserRequest
from runform.clubs import enrolments, invitations
from runform.clubs.forms import InvitationForm
from runform.clubs.models import Club, Invitation
from runform.clubs.qr import qr_svg
from runform.clubs.selectors import clubs_managed_by, invitations_for
from runform.clubs.services import ClubError


@login_required
@require_POST
def invitation_new(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give an e-mail address and a role."))
        return redirect("club", club.code)
    site_url = request.build_absolute_uri("/")
    try:
        done = invitations.invitations_send(club=club, invited_by=request.user, site_url=site_url, **form.cleaned_data)
    except ClubError as error:
        messages.error(request, str(error))
        return redirect("club", club.code)
    _tell(request, done)
    return redirect("club", club.code)


def _tell(request: UserRequest, done: invitations.Invited) -> None:
    if done.sent:
        n = len(done.sent)
        text = ngettext("The invitation is on its way.", "%(n)d invitations are on their way.", n) % {"n": n}
        messages.success(request, text)
    for names, text in (
        (done.unreadable, _("These are no e-mail addresses: %s")),
        (done.members, _("These are members already: %s")),
        (done.unsent, _("That is enough for one day. Please send these tomorrow: %s")),
    ):
        if names:
            messages.warning(request, text % ", ".join(names))


@login_required
@require_POST
def invitation_withdraw(request: UserRequest, code: uuid.UUID, invitation: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    invitations.invitation_withdraw(invitation=get_object_or_404(club.invitations, code=invitation))
    return redirect("club", club.code)


@login_required
@require_GET
def invitation(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """Behind the link of the e-mail.  To everybody but the owner of the address it says nothing about the club."""
    mine = invitations_for(request.user).filter(code=code).first()
    status = 200 if mine else 404
    return render(request, "clubs/invitation.html", {"invitation": mine}, status=status)


@login_required
@require_POST
def invitation_answer(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    mine: Invitation = get_object_or_404(invitations_for(request.user), code=code)
    accept = request.POST.get("answer") == "accept"
    try:
        invitations.invitation_answer(invitation=mine, user=request.user, accept=accept)
    except ClubError as error:
        messages.error(request, str(error))
        return redirect("home")
    if accept and mine.athlete:
        return redirect("consent", mine.athlete.code)
    return redirect("club", mine.club.code) if accept and mine.club else redirect("home")


@login_required
@require_http_methods(["GET", "POST"])
def enrolment(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """The club's QR code, to print and hang up."""
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    if request.method == "POST":
        enrolments.enrolment_open(club=club, is_open=request.POST.get("open") == "1", by=request.user)
        return redirect("enrolment", club.code)
    url = request.build_absolute_uri(club.enrolment_url) if club.enrolment_code else ""
    return render(request, "clubs/enrolment.html", {"club": club, "url": url, "picture": qr_svg(url) if url else ""})


@login_required
@require_http_methods(["GET", "POST"])
def enrol(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(Club, enrolment_code=code)
    if request.method == "POST":
        enrolments.enrolment_ask(club=club, user=request.user)
    return render(request, "clubs/enrol.html", {"club": club, **enrolments.standing(club, request.user)})


@login_required
@require_POST
def enrolment_answer(request: UserRequest, code: uuid.UUID, enrolment: uuid.UUID) -> HttpResponse:
    club = get_object_or_404(clubs_managed_by(request.user), code=code)
    asked = get_object_or_404(club.enrolments.filter(answered_at=None).select_related("user"), code=enrolment)
    enrolments.enrolment_answer(enrolment=asked, accept=request.POST.get("answer") == "accept", by=request.user)
    return redirect("club", club.code)
