"""Who hears of what.  Asked when it happens and again when it is sent: a webhook shows nothing that its owner may not
see at that moment.
"""

from typing import Any

from django.db.models import Q

from runform.accounts.models import User
from runform.api.models import Delivery, Webhook
from runform.clubs.models import CoachAssignment, Guardianship
from runform.coaching.models import Publication
from runform.coaching.selectors.reviews import publications_visible_to
from runform.core.events import Event
from runform.core.queue import enqueue
from runform.processing.models import Job
from runform.processing.selectors import jobs_visible_to
from runform.reports.models import Report
from runform.reports.selectors import reports_visible_to


def event_note(event: Event, thing: Report | Job | Publication) -> None:
    """Part of the transaction in which it happens."""
    athlete, data = _facts(thing)
    hooks = [hook for hook in _around(athlete) if str(event) in hook.events]
    told = [
        Delivery(webhook=hook, event=str(event), athlete=athlete, thing_code=thing.code, data=data)
        for hook in hooks
        if _sees(hook.user, str(event), thing.code)
    ]
    if told:
        Delivery.objects.bulk_create(told, ignore_conflicts=True)
        enqueue("api.webhooks")


def may_hear(user: User, delivery: Delivery) -> bool:
    if not user.is_active or user.binned_at:
        return False
    return delivery.athlete is None or _sees(user, delivery.event, delivery.thing_code)


def _facts(thing: Report | Job | Publication) -> tuple[User, dict[str, str]]:
    if isinstance(thing, Publication):
        check = thing.review.form_check
        return check.athlete, {"review": str(thing.code), "formcheck": str(check.code)}
    clip = thing.clip
    data = {"clip": str(clip.code), "formcheck": str(clip.form_check.code)}
    if isinstance(thing, Report):
        data["report"] = str(thing.code)
    return clip.form_check.athlete, data


def _around(athlete: User) -> list[Webhook]:
    """Webhooks of those who could see this athlete at all: mostly none."""
    coaches = CoachAssignment.objects.filter(athlete=athlete, ended_at=None).values("coach")
    guardians = Guardianship.objects.filter(athlete=athlete, ended_at=None).values("guardian")
    near = Q(user=athlete) | Q(user__in=coaches) | Q(user__in=guardians)
    return list(Webhook.objects.filter(near, disabled_at=None).select_related("user"))


def _sees(user: User, event: str, code: Any) -> bool:
    if event == Event.REVIEW_PUBLISHED:
        return publications_visible_to(user).filter(code=code).exists()
    if event == Event.CLIP_FAILED:
        return jobs_visible_to(user).filter(code=code).exists()
    return reports_visible_to(user).filter(code=code).exists()
