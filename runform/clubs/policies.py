"""Who may do what.  Consent is read here, each time, and never pushed."""

import uuid
from datetime import datetime
from typing import Protocol

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from runform.accounts.ages import is_minor
from runform.accounts.models import User
from runform.clubs.audit import note_look
from runform.clubs.models import Membership, Purpose, Role
from runform.clubs.selectors import athletes_visible_to, athletes_watched_by, guardians_of, has_consent, wards_of


class FormCheckLike(Protocol):
    @property
    def athlete(self) -> User: ...


class ClipLike(Protocol):
    """A clip, as far as these rules need to know it."""

    code: uuid.UUID
    deleted_at: datetime | None

    @property
    def form_check(self) -> FormCheckLike: ...


def may_process(clip: ClipLike) -> bool:
    """Asked by claim, by each heartbeat, by publication and by the reaper."""
    return clip.deleted_at is None and has_consent(clip.form_check.athlete, Purpose.ANALYSIS)


def may_view(user: User, clip: ClipLike) -> bool:
    """Asked by every view of media.  What is opened to somebody else is noted in the log."""
    sees = _sees(user, clip)
    if sees:
        note_look(user, clip.form_check.athlete, "clip", clip.code)
    return sees


def may_show_by_link(clip: ClipLike, sharer: User) -> bool:
    """Asked by every look through a shared link, made by ``sharer``: as long as they may see it themselves and the
    athlete agrees to the analysis.  A link dies with either, and lives again with both.
    """
    return may_process(clip) and _sees(sharer, clip)


# They see other people's videos or decide who does.
TRUSTED = (Role.COACH, Role.MANAGER, Role.WELFARE)
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def lacks_second_step(user: User) -> bool:
    """Whether the password alone opens this account, though it opens more than the person's own things."""
    trusted = Q(is_staff=True) | Exists(Membership.objects.filter(user=OuterRef("pk"), role__in=TRUSTED, ended_at=None))
    has_one = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_STEPS))
    return User.objects.filter(trusted, ~has_one, pk=user.pk).exists()


def may_decide_for(user: User, athlete: User) -> bool:
    """Whose yes counts: an adult's own, a guardian's for a minor.  A no is heard from the minor as well."""
    if user.pk == athlete.pk:
        return not is_minor(athlete)
    return wards_of(user).filter(pk=athlete.pk).exists()


def may_withdraw_for(user: User, athlete: User) -> bool:
    return user.pk == athlete.pk or may_decide_for(user, athlete)


def thread_adults(athlete: User) -> QuerySet[User]:
    """Who reads along in every conversation with a minor: guardians, and welfare officers of the minor's clubs.

    Nobody for an adult.
    """
    if not is_minor(athlete):
        return User.objects.none()
    clubs = Membership.objects.filter(user=athlete, role=Role.ATHLETE, ended_at=None).values("club")
    officers = Membership.objects.filter(club__in=clubs, role=Role.WELFARE, ended_at=None).values("user")
    return User.objects.filter(
        Q(pk__in=officers) | Q(pk__in=guardians_of(athlete).values("pk")), is_active=True
    ).exclude(pk=athlete.pk)


def may_read_thread(user: User, athlete: User) -> bool:
    """Comments about an athlete: whoever sees the FormChecks, and of a minor the welfare officer."""
    return (
        athletes_visible_to(user).filter(pk=athlete.pk).exists()
        or athletes_watched_by(user).filter(pk=athlete.pk).exists()
    )


def may_write_thread(user: User, athlete: User) -> bool:
    """A minor is never alone with one adult: without a second one who reads along nobody writes."""
    if not athletes_visible_to(user).filter(pk=athlete.pk).exists():
        return False
    if user.pk == athlete.pk or not is_minor(athlete):
        return True
    return thread_adults(athlete).exclude(pk=user.pk).exists() or guardians_of(athlete).filter(pk=user.pk).exists()


def _sees(user: User, clip: ClipLike) -> bool:
    return clip.deleted_at is None and athletes_visible_to(user).filter(pk=clip.form_check.athlete.pk).exists()
