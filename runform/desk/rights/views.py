"""What a person may ask for: all their data, and that it be deleted."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from runform.accounts.http import UserRequest
from runform.accounts.models import User
from runform.clips.selectors import form_checks_visible_to
from runform.clips.services import UploadRefusedError
from runform.clubs import audit
from runform.clubs.models import Action
from runform.clubs.selectors import people_decided_by
from runform.core.stream import stream_response
from runform.desk.models import Receipt
from runform.desk.rights import bin
from runform.desk.rights.takeout import takeout


@login_required
@require_safe
def person_data(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = _person(request, athlete)
    context = {
        "person": person,
        "own": person == request.user,
        # A guardian has no other list of them.
        "checks": form_checks_visible_to(request.user).filter(athlete=person)[:100] if person != request.user else [],
        "days": settings.LIMITS.bin_days,
        "ends_at": bin.bin_ends(person.binned_at) if person.binned_at else None,
        "binned": [(clip, bin.bin_ends(clip.deleted_at)) for clip in bin.clips_in_bin(person) if clip.deleted_at],
        "binned_checks": [
            (check, bin.bin_ends(check.deleted_at)) for check in bin.checks_in_bin(person) if check.deleted_at
        ],
        "receipts": Receipt.objects.filter(person=person),
    }
    return render(request, "desk/person_data.html", context)


@login_required
@require_safe
def person_export(request: UserRequest, athlete: uuid.UUID) -> HttpResponseBase:
    person = _person(request, athlete)
    audit.record(Action.EXPORTED, actor=request.user, athlete=person)
    return stream_response(request, takeout(person), content_type="application/zip", filename="runform-everything.zip")


@login_required
@require_POST
def person_bin(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = _person(request, athlete)
    if request.POST.get("email", "").strip().lower() != person.email:
        messages.error(
            request, _("Please type the e-mail address of the account, so that nothing is deleted by mistake.")
        )
        return redirect("person_data", person.code)
    try:
        bin.person_bin(person=person, by=request.user)
    except bin.BinError as error:
        messages.error(request, str(error))
    return redirect("person_data", person.code)


@login_required
@require_POST
def person_restore(request: UserRequest, athlete: uuid.UUID) -> HttpResponse:
    person = _person(request, athlete)
    bin.person_restore(person=person, by=request.user)
    messages.success(request, _("Everything is back."))
    return redirect("person_data", person.code)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def check_delete(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    """What would go, and the button.  For the athlete and a guardian; whoever made it for them asks them."""
    check = get_object_or_404(
        form_checks_visible_to(request.user).filter(athlete__in=people_decided_by(request.user)), code=code
    )
    if request.method == "POST":
        bin.check_bin(check=check, by=request.user)
        messages.success(request, _("The FormCheck is in the bin. It can be had back from the page of your data."))
        return redirect("person_data", check.athlete.code)
    clips = check.clips.filter(deleted_at=None)
    return render(request, "desk/check_delete.html", {"check": check, "clips": clips, "days": settings.LIMITS.bin_days})


@login_required
@require_POST
def check_restore(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    check = get_object_or_404(bin.checks_in_bin(*people_decided_by(request.user)), code=code)
    if bin.check_restore(check=check, by=request.user):
        messages.warning(request, _("The FormCheck is back without the clips that were uploaded again meanwhile."))
    else:
        messages.success(request, _("The FormCheck is back."))
    return redirect(check)


@login_required
@require_POST
def clip_restore(request: UserRequest, code: uuid.UUID) -> HttpResponse:
    clip = get_object_or_404(bin.clips_in_bin(*people_decided_by(request.user)), code=code)
    try:
        bin.clip_restore(clip=clip, by=request.user)
        messages.success(request, _("The clip is back."))
    except UploadRefusedError as error:
        messages.error(request, str(error))
    return redirect("person_data", clip.athlete.code)


@require_safe
def receipt(request: HttpRequest, code: uuid.UUID) -> HttpResponse:
    """For whoever has the link; it names nobody."""
    found = get_object_or_404(Receipt, code=code)
    return render(request, "desk/receipt.html", {"receipt": found, "n_rows": sum(found.rows.values())})


def _person(request: UserRequest, athlete: uuid.UUID) -> User:
    return get_object_or_404(people_decided_by(request.user), code=athlete)
