"""The log of who saw and did what.  Rows are added here and nowhere else."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.utils import timezone

from runform.accounts.models import User
from runform.clubs.models import Action, AuditEntry, Club

# One look a clip and an hour: a player asks for the same file again and again.
SAME_LOOK = timedelta(hours=1)

Look = tuple[int, int, str, uuid.UUID | None]
_looks: ContextVar[set[Look] | None] = ContextVar("looks", default=None)


def record(
    action: Action,
    *,
    actor: User | None,
    athlete: User | None = None,
    club: Club | None = None,
    thing: str = "",
    code: uuid.UUID | None = None,
) -> None:
    AuditEntry.objects.create(action=action, actor=actor, athlete=athlete, club=club, thing=thing[:40], thing_code=code)


def note_look(viewer: User, athlete: User, thing: str, code: uuid.UUID | None) -> None:
    """Policies say here whose media they opened to whom; it is written down when the answer really went out."""
    looks = _looks.get()
    if looks is not None and viewer.pk and viewer.pk != athlete.pk:
        looks.add((viewer.pk, athlete.pk, thing, code))


@contextmanager
def looks_noted() -> Iterator[set[Look]]:
    looks: set[Look] = set()
    token = _looks.set(looks)
    try:
        yield looks
    finally:
        _looks.reset(token)


def looks_record(looks: set[Look]) -> None:
    for viewer, athlete, thing, code in looks:
        look = {"action": Action.OPENED, "actor_id": viewer, "athlete_id": athlete, "thing": thing, "thing_code": code}
        if not AuditEntry.objects.filter(at__gt=timezone.now() - SAME_LOOK, **look).exists():
            AuditEntry.objects.create(**look)
