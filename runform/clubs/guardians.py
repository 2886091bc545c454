"""Grown-ups who decide for minors."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.ages import is_minor
from runform.accounts.models import User
from runform.clubs import audit
from runform.clubs.models import Action, Guardianship
from runform.clubs.services import ClubError


@transaction.atomic
def guardian_link(*, athlete: User, guardian: User) -> Guardianship:
    if athlete == guardian or is_minor(guardian):
        raise ClubError(_("A guardian is a grown-up, with an account of their own."))
    link, made = Guardianship.objects.get_or_create(athlete=athlete, guardian=guardian, ended_at=None)
    if made:
        audit.record(Action.GUARDIAN_LINKED, actor=guardian, athlete=athlete)
    return link


@transaction.atomic
def guardian_end(*, link: Guardianship, by: User) -> None:
    """What this guardian agreed to ends with it, until another one agrees."""
    if Guardianship.objects.filter(pk=link.pk, ended_at=None).update(ended_at=timezone.now()):
        audit.record(Action.GUARDIAN_ENDED, actor=by, athlete=link.athlete)
