"""What people agree to, for themselves or for their wards."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from runform.accounts.ages import is_minor
from runform.accounts.http import UserRequest
from runform.accounts.services import birth_date_tell
from runform.clubs import consents, guardians, invitations
from runform.clubs.forms import ConsentForm, GuardianForm, StartForm, WithdrawForm
from runform.clubs.models import Purpose
from runform.clubs.policies import may_decide_for
from runform.clubs.selectors import guardianships_of, has_consent, invitations_open, people_decided_by
from runform.clubs.services import ClubError


@login_required
@require_http_methods(["GET", "POST"])
def consent_start(request: UserRequest) -> HttpResponse:
    """The one question before the first clip."""
    following = _next(request)
    form = StartForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data.get("birth_date"):
            birth_date_tell(user=request.user, birth_date=form.cleaned_data["birth_date"])
        if not is_minor(request.user):
            consents.consent_give(athlete=request.user, by=request.user, purposes=form.purposes())
            return redirect(following)
    if has_consent(request.user, Purpose.ANALYSIS):
        return redirect(following)
    if is_minor(request.user):
        return redirect("consent", request.user.code)
    return render(request, "clubs/consent_start.html", {"form": form, "next": following})


@login_required
@require_GET
def consent(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(people_decided_by(request.user), code=athlete)
    context = {
        "person": person,
        "own": person == request.user,
        "minor": is_minor(person),
        "decides": may_decide_for(request.user, person),
        "states": consents.consent_states(person),
        "history": person.consents.select_related("given_by").order_by("-pk")[:50],
        "guardianships": guardianships_of(person),
        "asked": invitations_open().filter(athlete=person),
        "guardian_form": GuardianForm(),
    }
    return render(request, "clubs/consent.html", context)


@login_required
@require_POST
def consent_give(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(people_decided_by(request.user), code=athlete)
    form = ConsentForm(request.POST)
    try:
        if form.is_valid():
            said = form.cleaned_data
            consents.consent_give(
                athlete=person, by=request.user, purposes=[Purpose(said["purpose"])], until=said["until"]
            )
        else:
            messages.error(request, _("Please check the date."))
    except consents.ConsentError as error:
        messages.error(request, str(error))
    return redirect("consent", person.code)


@login_required
@require_POST
def consent_withdraw(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(people_decided_by(request.user), code=athlete)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        purpose = Purpose(form.cleaned_data["purpose"])
        consents.consent_withdraw(athlete=person, by=request.user, purpose=purpose)
        messages.success(request, _("Taken back. It holds from this moment on."))
    return redirect("consent", person.code)


@login_required
@require_POST
def guardian_new(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(people_decided_by(request.user), code=athlete)
    form = GuardianForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please give the e-mail address of your parent or guardian."))
        return redirect("consent", person.code)
    try:
        invitations.guardian_invite(
            athlete=person,
            email=form.cleaned_data["email"],
            invited_by=request.user,
            site_url=request.build_absolute_uri("/"),
        )
        messages.success(request, _("Your invitation is on its way."))
    except ClubError as error:
        messages.error(request, str(error))
    return redirect("consent", person.code)


@login_required
@require_POST
def guardian_end(request: UserRequest, athlete: uuid.UUID, link: uuid.UUID) -> HttpResponse:
    """A guardian steps back.  The minor cannot end it."""
    row = get_object_or_404(request.user.wards.filter(ended_at=None, athlete__code=athlete), code=link)
    guardians.guardian_end(link=row, by=request.user)
    return redirect("home")


def _next(request: UserRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}) else "home"
