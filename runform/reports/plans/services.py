"""Plans are kept, ended and ticked here."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.reports.models import Plan, PlanItem, PlanTick
from runform.reports.plans.items import Item

# A second click of a double click does not take back what the first one did.
CLICK = timedelta(seconds=2)


@transaction.atomic
def plan_start(*, check: FormCheck, items: Sequence[Item]) -> Plan:
    """The athlete's plan from this FormCheck; an earlier one ends.  Started twice with the same items, it stays."""
    athlete = User.objects.select_for_update().get(pk=check.athlete_id)
    current = Plan.objects.filter(athlete=athlete, ended_at=None).first()
    names = [item.name for item in items]
    if current and current.form_check_id == check.pk and [item.name for item in current.items.all()] == names:
        return current
    if current:
        plan_end(plan=current)
    plan = Plan.objects.create(athlete=athlete, form_check=check, started_on=timezone.localdate())
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan,
            order=order,
            name=item.name,
            dose=item.dose,
            times_a_week=item.times_a_week,
            metric_key=item.metric_key,
            source=item.source,
        )
        for order, item in enumerate(items)
    )
    return plan


def plan_end(*, plan: Plan) -> None:
    """Ticks are kept."""
    Plan.objects.filter(pk=plan.pk, ended_at=None).update(ended_at=timezone.now())


def tick_set(*, item: PlanItem, day: date, done: bool, by: User) -> None:
    """Say what holds, not "the other way round": the same click twice changes nothing."""
    if done:
        PlanTick.objects.get_or_create(item=item, day=day, defaults={"ticked_by": by})
    else:
        PlanTick.objects.filter(item=item, day=day, ticked_at__lt=timezone.now() - CLICK).delete()
