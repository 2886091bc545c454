"""Empties the bin: files first, then rows, then a receipt.

Files first because that can be done again: a purge that broke off is finished by the next one, and a row whose file is
gone hurts nobody in the bin, while a file whose row is gone would be found by nobody.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.accounts.sessions import sessions_end
from runform.clips.models import Clip, FormCheck
from runform.clubs import audit
from runform.clubs.models import Action, Club, Invitation, Role
from runform.core.trees import Weight, remove_trees
from runform.desk.models import Gone, Receipt
from runform.desk.rights.everything import Everything, everything_of
from runform.processing.services import clip_remove

log = structlog.get_logger(__name__)


def purge() -> None:
    """What the clock calls."""
    now = timezone.now()
    retention_apply(now)
    before = now - timedelta(days=settings.LIMITS.bin_days)
    for person in User.objects.filter(binned_at__lt=before):
        person_purge(person)
    for person in User.objects.filter(form_checks__deleted_at__lt=before).distinct():
        checks_purge(person, before)
    for person in User.objects.filter(clips__deleted_at__lt=before).distinct():
        clips_purge(person, before)


def retention_apply(now: datetime) -> None:
    """Clips older than their athlete's club keeps them go into the bin."""
    for club in Club.objects.exclude(retention_months=None):
        athletes = club.memberships.filter(role=Role.ATHLETE, ended_at=None).values("user")
        before = now - timedelta(days=30.44 * (club.retention_months or 0))
        for clip in Clip.objects.filter(athlete__in=athletes, created_at__lt=before, deleted_at=None):
            clip_remove(clip=clip)
            audit.record(Action.BINNED, actor=None, athlete=clip.athlete, club=club, thing="clip", code=clip.code)


def checks_purge(person: User, before: datetime) -> Receipt:
    """With all their clips, also one that was removed earlier or moved in later."""
    checks = list(person.form_checks.filter(deleted_at__lt=before))
    return _things_purge(Gone.CHECKS, person, checks, list(Clip.objects.filter(form_check__in=checks)))


def clips_purge(person: User, before: datetime) -> Receipt:
    clips = list(person.clips.filter(deleted_at__lt=before))
    return _things_purge(Gone.CLIPS, person, clips, clips)


def _things_purge(what: Gone, person: User, things: Sequence[Clip | FormCheck], clips: Sequence[Clip]) -> Receipt:
    everything = everything_of(*things)
    asked_at = min(thing.deleted_at for thing in things if thing.deleted_at)
    weight = _remove_files(everything, [str(thing.code) for thing in (*things, *clips)])
    with transaction.atomic():
        _forget_in_admin_log(everything)
        type(things[0])._default_manager.filter(pk__in=[thing.pk for thing in things]).delete()
        receipt = _receipt(what, asked_at, everything, weight, person)
    log.info("things_purged", what=what, n=len(things), receipt=str(receipt.code))
    return receipt


def person_purge(person: User) -> Receipt:
    everything, asked_at, email = everything_of(person), person.binned_at or timezone.now(), person.email
    clip_codes = [str(code) for code in Clip.objects.filter(athlete=person).values_list("code", flat=True)]
    weight = _remove_files(everything, [str(person.code), *clip_codes], keep=_handed_over(person))
    with transaction.atomic():
        _forget_in_admin_log(everything, person)
        _forget_addresses(person)
        sessions_end(user=person)
        person.delete()
        receipt = _receipt(Gone.PERSON, asked_at, everything, weight, None)
    _tell(email, receipt)
    log.info("person_purged", receipt=str(receipt.code))
    return receipt


def _remove_files(everything: Everything, codes: list[str], keep: Collection[str] = ()) -> Weight:
    """The files that rows name, and whatever else lies in folders named after the person or the clips: half uploads,
    attempts that were lost.
    """
    weight = Weight()
    for name in everything.files():
        weight.remove(name)
    remove_trees(codes, weight, keep)
    return weight


def _handed_over(person: User) -> set[str]:
    """Files of clips that were uploaded as this person's and turned out to show somebody else: they lie where they
    were, and are not this person's to take along.
    """
    others = Clip.objects.exclude(athlete=person).filter(file__startswith=f"clips/{person.code}/")
    return set(others.values_list("file", flat=True))


def _forget_in_admin_log(everything: Everything, person: User | None = None) -> None:
    for model, rows in everything.own.items():
        kind = ContentType.objects.get_for_model(model)
        LogEntry.objects.filter(content_type=kind, object_id__in=[str(row.pk) for row in rows]).delete()
    if person:
        said = Q(change_message__contains=person.email) | Q(change_message__contains=str(person.code))
        if person.name:
            said |= Q(change_message__contains=person.name)
        LogEntry.objects.filter(said).update(change_message="")


def _forget_addresses(person: User) -> None:
    addresses = [person.email, *person.emailaddress_set.values_list("email", flat=True)]  # type: ignore[attr-defined]
    for address in addresses:
        Invitation.objects.filter(email__iexact=address).delete()


def _receipt(what: Gone, asked_at: datetime, everything: Everything, weight: Weight, person: User | None) -> Receipt:
    return Receipt.objects.create(
        what=what,
        person=person,
        asked_at=asked_at,
        rows=everything.n_rows,
        n_files=weight.n_files,
        n_bytes=weight.n_bytes,
    )


def _tell(email: str, receipt: Receipt) -> None:
    text = _("Everything that RunForm kept about you is deleted. The receipt, which names nobody:\n%s\n")
    url = settings.SITE_URL + reverse("receipt", args=[receipt.code])
    send_mail(_("Your RunForm data is deleted"), text % url, None, [email], fail_silently=True)
