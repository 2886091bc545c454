"""The inbox of a coach: FormChecks with where their reviews stand, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck, Pain
from runform.clips.pain import LEVEL_MAX, PainAdvice, pain_advice
from runform.clubs.models import CoachAssignment
from runform.clubs.selectors import coached_ids
from runform.coaching.models import Review, State
from runform.coaching.selectors.due import USUAL_DUE_DAYS, days_given, due_on, ready_times
from runform.processing.selectors import CheckState, check_states
from runform.reports.models import Report
from runform.reports.selectors import metrics_newest

TO_DO = ("waiting", "mine", "answered")
STAGES = (*TO_DO, "claimed", "refilm", "published", "closed", "analysing")
ORDERS = {
    "urgent": ("-hurts", F("due_on").asc(nulls_last=True), "-n_flags", "-n_watch", "created_at", "pk"),
    "due": (F("due_on").asc(nulls_last=True), "created_at", "pk"),
    "newest": ("-created_at", "-pk"),
    "flags": ("-n_flags", "-n_watch", "created_at", "pk"),
}


@dataclass(frozen=True)
class QueueItem:
    """A line of the inbox."""

    check: Any
    state: CheckState
    review: Review | None
    due_on: date
    pain: PainAdvice
    n_flags: int
    n_watch: int
    # When the newest clip was measured first.
    ready_at: datetime | None

    @property
    def stage(self) -> str:
        return str(self.check.stage)

    @property
    def is_late(self) -> bool:
        return self.stage in TO_DO and self.due_on < timezone.localdate()

    @property
    def minutes(self) -> int:
        return round(self.review.active_s / 60) if self.review else 0


def form_checks_coached_by(user: User) -> QuerySet[Any]:
    """FormChecks of the athletes whom this coach is assigned, with their ``stage``."""
    rows = FormCheck.objects.filter(athlete__in=coached_ids(user), deleted_at=None).select_related(
        "athlete", "review__claimed_by"
    )
    return rows.annotate(stage=_stage(user))


def in_order(rows: QuerySet[Any], order: str) -> QuerySet[Any]:
    """Without a day of their own reviews are due by age: the oldest first.  What no order asks for is not counted."""
    keys = ORDERS.get(order, ORDERS["urgent"])
    due: QuerySet[Any] = rows.annotate(due_on=F("review__due_on"), hurts=_hurts())
    counted = with_flags(due) if "-n_flags" in keys else due
    return counted.order_by(*keys)


def with_flags(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``n_flags`` and ``n_watch``: metrics in the newest reports, each counted once in a FormCheck."""
    counted: QuerySet[Any] = rows.annotate(n_flags=_count("flag"), n_watch=_count("watch"))
    return counted


def counts_by_stage(rows: QuerySet[Any]) -> dict[str, int]:
    found = rows.order_by().values("stage").annotate(n=Count("pk", distinct=True)).values_list("stage", "n")
    return dict.fromkeys(STAGES, 0) | dict(found)


def queue_items(user: User, checks: Iterable[FormCheck]) -> list[QueueItem]:
    """The lines of one page of the inbox."""
    checks = list(checks)
    days = days_given(CoachAssignment.objects.filter(coach=user, athlete__in={check.athlete_id for check in checks}))
    counts, ready = _counts(checks), ready_times(checks)
    states = check_states(checks)
    return [_item(state, ready.get(state.check.pk), days, counts[state.check.pk]) for state in states]


def _item(state: CheckState, ready_at: datetime | None, days: dict[int, int], counts: dict[str, int]) -> QueueItem:
    check = state.check
    review = getattr(check, "review", None)
    usual = days.get(check.athlete_id, USUAL_DUE_DAYS)
    return QueueItem(
        check=check,
        state=state,
        review=review,
        due_on=due_on(review, ready_at or check.created_at, usual),
        pain=pain_advice(check),
        ready_at=ready_at,
        **counts,
    )


def _counts(checks: Iterable[FormCheck]) -> dict[int, dict[str, int]]:
    """What is shown of a FormCheck and not asked of all that are not shown."""
    rows = with_flags(FormCheck.objects.filter(pk__in=[check.pk for check in checks]))
    return {row.pop("pk"): row for row in rows.values("pk", "n_flags", "n_watch")}


def _reports() -> QuerySet[Report]:
    return Report.objects.filter(clip__form_check=OuterRef("pk"), clip__deleted_at=None)


def _count(status: str) -> Coalesce:
    found = metrics_newest().filter(status=status, report__clip__form_check=OuterRef("pk"))
    n = found.order_by().values("report__clip__form_check").annotate(n=Count("key", distinct=True)).values("n")
    return Coalesce(Subquery(n), 0)


def _hurts() -> Case:
    """Pain and red flags first; the words on the page come from clips/pain.py."""
    red = Q(pain_level__gt=LEVEL_MAX) | ~Q(pain_signs=[])
    return Case(
        When(red, pain=Pain.YES, then=Value(2)),
        When(pain=Pain.YES, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _stage(user: User) -> Case:
    """Where it stands for this coach.  A clip that came after the last step of the coach is an answer to it."""
    held = Q(review__claimed_by__isnull=False, review__claim_expires_at__gt=timezone.now())
    after = Clip.objects.filter(form_check=OuterRef("pk"), deleted_at=None, created_at__gt=OuterRef("review__state_at"))
    acted = Q(review__state__in=[State.REFILM, State.PUBLISHED, State.CLOSED])
    return Case(
        When(held & Q(review__claimed_by=user), then=Value("mine")),
        When(held, then=Value("claimed")),
        When(Q(review__state=State.ANSWERED) | (acted & Exists(after)), then=Value("answered")),
        When(review__state=State.REFILM, then=Value("refilm")),
        When(review__state=State.PUBLISHED, then=Value("published")),
        When(review__state=State.CLOSED, then=Value("closed")),
        When(~Exists(_reports()), then=Value("analysing")),
        default=Value("waiting"),
    )
