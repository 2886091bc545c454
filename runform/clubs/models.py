import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Club(models.Model):
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(default=timezone.now)
    # Settings, the managers' own.
    automatic_reports = models.BooleanField(
        _("athletes see their report at once"),
        default=False,
        help_text=_(
            "Off: an athlete who has a coach sees results when the coach publishes them. On: results show as soon as"
            " they are measured, marked as automatic and not reviewed until a coach publishes."
        ),
    )
    review_due_days = models.PositiveSmallIntegerField(
        _("days until a review is due"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    retention_months = models.PositiveSmallIntegerField(
        _("keep videos for (months)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_(
            "Older clips of the club's athletes, and what was measured in them, go to the bin and 30 days later for"
            " good. Empty: no limit."
        ),
    )
    # Behind the QR code; a new one makes the printed ones worthless.  Empty: nobody enrols by themselves.
    enrolment_code = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("club", args=[self.code])

    @property
    def enrolment_url(self) -> str:
        return reverse("enrol", args=[self.enrolment_code])


class Role(models.TextChoices):
    MANAGER = "manager", _("manager")
    COACH = "coach", _("coach")
    ATHLETE = "athlete", _("athlete")
    GUARDIAN = "guardian", _("guardian")
    WELFARE = "welfare", _("welfare officer")


class Squad(models.Model):
    """Athletes of a club who train together."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="squads")
    name = models.CharField(_("name"), max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["club", "name"], name="squad_one_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person has a role in a club from ``joined_at`` to ``ended_at``; several roles are several rows."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    squads = models.ManyToManyField(Squad, blank=True, related_name="memberships")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "user", "role"], condition=Q(ended_at=None), name="membership_one_of_a_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role} of {self.club}"


class CoachAssignment(models.Model):
    """A coach looks after an athlete of the same club.  Without it a coach sees nobody."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="assignments")
    coach = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="coaching")
    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="coached_by")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "coach", "athlete"], condition=Q(ended_at=None), name="assignment_once"
            ),
            models.CheckConstraint(condition=~Q(coach=F("athlete")), name="assignment_of_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.coach} coaches {self.athlete}"


def in_a_fortnight() -> datetime:
    return timezone.now() + timedelta(days=14)


class Invitation(models.Model):
    """Whoever owns an e-mail address, and nobody else, may join a club or become an athlete's guardian."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # A guardian may be asked by an athlete who is in no club.
    club = models.ForeignKey(Club, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    # Whose guardian they are asked to be.
    athlete = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="guardian_invitations"
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=in_a_fortnight)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "email", "role"],
                condition=Q(answered_at=None, athlete=None),
                name="invitation_open_once",
            ),
            models.UniqueConstraint(
                fields=["athlete", "email"], condition=Q(answered_at=None), name="invitation_of_a_guardian_open_once"
            ),
            models.CheckConstraint(
                condition=Q(role="guardian", athlete__isnull=False)
                | (~Q(role="guardian") & Q(athlete=None, club__isnull=False)),
                name="invitation_names_the_guardians_athlete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role} of {self.athlete or self.club}"


class Enrolment(models.Model):
    """Somebody scanned the club's code and asks to be its athlete; a manager answers."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="enrolments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["club", "user"], condition=Q(answered_at=None), name="enrolment_open_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} asks to join {self.club}"


class Guardianship(models.Model):
    """A grown-up decides for a minor, with an account of their own."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guardian = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wards")
    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guardians")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "athlete"], condition=Q(ended_at=None), name="guardianship_once"
            ),
            models.CheckConstraint(condition=~Q(guardian=F("athlete")), name="guardianship_of_two_people"),
        ]

    def __str__(self) -> str:
        return f"{self.guardian}, guardian of {self.athlete}"


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows are added and read.  They go only together with the person whom they are about."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("these rows are never changed")

    def delete(self) -> Any:
        raise TypeError("these rows are never deleted by hand")


class Purpose(models.TextChoices):
    ANALYSIS = "analysis", _("analysis of my clips")
    COACH = "coach", _("my coaches")
    SQUAD = "squad", _("pictures of the whole squad")
    RESEARCH = "research", _("better measuring")
    PROMOTION = "promotion", _("showing it in public")


class ConsentRecord(models.Model):
    """A yes or a no to one purpose.  The newest of an athlete and a purpose counts; see ``selectors.consents_to``."""

    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    given = models.BooleanField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    as_guardian = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)
    # The last day on which it holds; empty = until it is taken back.
    until = models.DateField(null=True, blank=True)
    # Which wording they agreed to.
    wording = models.PositiveSmallIntegerField(default=1)

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["athlete", "purpose", "-id"])]

    def __str__(self) -> str:
        return f"{'yes' if self.given else 'no'} to {self.purpose}"


class Action(models.TextChoices):
    OPENED = "opened", _("opened")
    CONSENT_GIVEN = "agreed", _("agreed to")
    CONSENT_WITHDRAWN = "withdrew", _("took back the consent to")
    INVITED = "invited", _("invited")
    JOINED = "joined", _("joined")
    LEFT = "left", _("left")
    ASSIGNED = "assigned", _("was assigned a coach")
    UNASSIGNED = "unassigned", _("has a coach no longer")
    GUARDIAN_LINKED = "guardian", _("got a guardian")
    GUARDIAN_ENDED = "unguarded", _("has a guardian no longer")
    EXPORTED = "exported", _("took a copy of everything")
    BINNED = "binned", _("put into the bin")
    RESTORED = "restored", _("took out of the bin")
    UPLOADED = "uploaded", _("uploaded for")
    MOVED_AWAY = "moved_away", _("moved away from")
    MOVED_HERE = "moved_here", _("moved to")
    SETTINGS = "settings", _("changed the settings of the club")


THINGS = {
    "check": _("FormCheck"),
    "clip": _("clip"),
    "account": _("account"),
    "club": _("club"),
    "squad": _("squads"),
    "enrolment": _("joining by code"),
    "renewal": _("measuring again"),
    **dict(Role.choices),
}


class AuditEntry(models.Model):
    """Who saw and did what.  No names and no addresses in words: they live in the rows that are pointed at."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=12, choices=Action.choices)
    # Whose data it was about, and the club in which it happened.
    athlete = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="audit")
    club = models.ForeignKey(Club, null=True, on_delete=models.CASCADE, related_name="audit")
    # What it was: "clip", "report", "analysis" ... and its code.
    thing = models.CharField(max_length=40, blank=True)
    thing_code = models.UUIDField(null=True)

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        indexes = [models.Index(fields=["athlete", "-at"]), models.Index(fields=["club", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.thing}"

    @property
    def thing_text(self) -> str:
        consent = self.action in (Action.CONSENT_GIVEN, Action.CONSENT_WITHDRAWN)
        return str((dict(Purpose.choices) if consent else THINGS).get(self.thing, self.thing))
