"""Thirty days in which a deletion can be thought better of."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clips.selectors import uploads_unfinished
from runform.clips.services import UploadRefusedError
from runform.clips.services import clip_restore as restore
from runform.clips.tus.services import upload_discard
from runform.clubs import audit
from runform.clubs.models import Action, Membership, Role
from runform.processing.models import LIVE, Job
from runform.processing.services import job_cancel


class BinError(Exception):
    """It cannot go into the bin; the text is for people."""


def bin_ends(binned_at: datetime) -> datetime:
    return binned_at + timedelta(days=settings.LIMITS.bin_days)


def clips_in_bin(*people: User) -> QuerySet[Clip]:
    """Those that were removed by themselves; the others come back with their FormCheck."""
    rows = Clip.objects.filter(athlete__in=people, form_check__deleted_at=None).exclude(deleted_at=None)
    return rows.select_related("athlete", "form_check")


def checks_in_bin(*people: User) -> QuerySet[FormCheck]:
    return FormCheck.objects.filter(athlete__in=people).exclude(deleted_at=None).select_related("athlete")


@transaction.atomic
def check_bin(*, check: FormCheck, by: User) -> None:
    """Hide a FormCheck and all that is in it, and stop whatever is done with it."""
    now = timezone.now()
    if not FormCheck.objects.filter(pk=check.pk, deleted_at=None).update(deleted_at=now):
        return
    for upload in uploads_unfinished(check):
        upload_discard(upload=upload)
    clips = Clip.objects.filter(form_check=check, deleted_at=None)
    for job in Job.objects.filter(clip__in=clips, state__in=LIVE):
        job_cancel(job=job)
    clips.update(deleted_at=now)
    audit.record(Action.BINNED, actor=by, athlete=check.athlete, thing="check", code=check.code)


@transaction.atomic
def check_restore(*, check: FormCheck, by: User) -> int:
    """With the clips that went with it.  How many stay behind, because the same file was uploaded again meanwhile."""
    went_with_it = list(Clip.objects.filter(form_check=check, deleted_at=check.deleted_at))
    if not FormCheck.objects.filter(pk=check.pk, deleted_at=check.deleted_at).update(deleted_at=None):
        return 0
    refused = 0
    for clip in went_with_it:
        try:
            restore(clip=clip)
        except UploadRefusedError:
            refused += 1
    audit.record(Action.RESTORED, actor=by, athlete=check.athlete, thing="check", code=check.code)
    return refused


@transaction.atomic
def person_bin(*, person: User, by: User) -> None:
    """From now on nobody else sees anything and nothing is analysed.  They themselves can log in and come back."""
    if _is_needed_as_manager(person):
        raise BinError(_("You are the only manager of a club with other members. Name another manager first."))
    if not User.objects.filter(pk=person.pk, binned_at=None).update(binned_at=timezone.now()):
        return
    audit.record(Action.BINNED, actor=by, athlete=person, thing="account")
    text = _(
        "Everything that RunForm keeps about you will be deleted in %(n)d days. Nobody else can see it any more.\n\n"
        "If you did not ask for this, or thought better of it, log in and choose Keep my account on your profile:\n"
        "%(url)s\n"
    ) % {"n": settings.LIMITS.bin_days, "url": f"{settings.SITE_URL}/profile/"}
    transaction.on_commit(
        lambda: send_mail(_("Your RunForm account is in the bin"), text, None, [person.email], fail_silently=True)
    )


@transaction.atomic
def person_restore(*, person: User, by: User) -> None:
    if User.objects.filter(pk=person.pk).exclude(binned_at=None).update(binned_at=None):
        audit.record(Action.RESTORED, actor=by, athlete=person, thing="account")


@transaction.atomic
def clip_restore(*, clip: Clip, by: User) -> None:
    if restore(clip=clip):
        audit.record(Action.RESTORED, actor=by, athlete=clip.athlete, thing="clip", code=clip.code)


def _is_needed_as_manager(person: User) -> bool:
    others = Membership.objects.filter(club=OuterRef("club"), ended_at=None).exclude(user=person)
    managers = others.filter(role=Role.MANAGER)
    own = Membership.objects.filter(user=person, role=Role.MANAGER, ended_at=None)
    return own.filter(Exists(others), ~Exists(managers)).exists()
