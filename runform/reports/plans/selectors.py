"""A plan as a week."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from runform.accounts.models import User
from runform.clubs.selectors import athletes_visible_to
from runform.reports.models import Plan, PlanItem, PlanTick
from runform.reports.rows import SPECS


@dataclass(frozen=True)
class Day:
    day: date
    done: bool
    # Neither before the plan began nor in the future.
    open: bool


@dataclass(frozen=True)
class Row:
    item: PlanItem
    days: tuple[Day, ...]

    @property
    def done(self) -> int:
        return sum(day.done for day in self.days)

    @property
    def enough(self) -> bool:
        return self.done >= self.item.times_a_week

    @property
    def label(self) -> str:
        spec = SPECS.get(self.item.metric_key)
        return spec.label if spec else ""


@dataclass(frozen=True)
class Week:
    """Monday to Sunday."""

    start: date
    rows: tuple[Row, ...]
    before: date | None
    after: date | None

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.start + timedelta(days=i) for i in range(7))

    @property
    def done(self) -> int:
        return sum(min(row.done, row.item.times_a_week) for row in self.rows)

    @property
    def asked(self) -> int:
        return sum(row.item.times_a_week for row in self.rows)


def plans_visible_to(user: User) -> QuerySet[Plan]:
    return Plan.objects.filter(athlete__in=athletes_visible_to(user)).select_related("athlete", "form_check__athlete")


def plan_open(athlete: User) -> Plan | None:
    return Plan.objects.filter(athlete=athlete, ended_at=None).select_related("athlete", "form_check").first()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(plan: Plan, day: date) -> Week:
    """The week that holds ``day``, kept within those of the plan."""
    last = last_day(plan)
    start = min(max(monday_of(day), monday_of(plan.started_on)), monday_of(last))
    ticks = set(PlanTick.objects.filter(item__plan=plan).values_list("item_id", "day"))
    days = [start + timedelta(days=i) for i in range(7)]
    rows = tuple(
        Row(item, tuple(Day(one, (item.pk, one) in ticks, plan.started_on <= one <= last) for one in days))
        for item in plan.items.all()
    )
    week = timedelta(days=7)
    before = start - week if start > monday_of(plan.started_on) else None
    return Week(start, rows, before, start + week if start < monday_of(last) else None)


def last_day(plan: Plan) -> date:
    """Today, or the day on which the plan ended."""
    return timezone.localdate(plan.ended_at) if plan.ended_at else timezone.localdate()
