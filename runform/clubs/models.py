import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Club(models.Model):
    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("club", args=[self.code])


class Role(models.TextChoices):
    MANAGER = "manager", _("manager")
    COACH = "coach", _("coach")
    ATHLETE = "athlete", _("athlete")


class Membership(models.Model):
    """A person has a role in a club from ``joined_at`` to ``ended_at``; several roles are several rows."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

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


class Invitation(models.Model):
    """A manager asks whoever owns an e-mail address to join.  Only that person can say yes."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    club = models.ForeignKey(Club, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["club", "email", "role"], condition=Q(answered_at=None), name="invitation_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role} of {self.club}"
