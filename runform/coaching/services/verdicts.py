from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.coaching.models import Answer, Review, SecondReading, Verdict
from runform.coaching.policies import may_read_second
from runform.coaching.services.claims import ReviewError, require_hold
from runform.reports.models import MetricResult

WHY_MAX = 500


def verdict_give(*, review: Review, coach: User, metric: MetricResult | None, answer: Answer, why: str = "") -> Verdict:
    """One coach, one metric, one verdict: the next one takes the place of the last.

    The first reader holds the review; a second reader needs an open second reading and no claim.
    """
    why = " ".join(why.split())
    if len(why) > WHY_MAX:
        raise ReviewError(_("Up to %(n)d characters, please.") % {"n": WHY_MAX})
    if metric is None and not (answer == Answer.MISSED and why):
        raise ReviewError(_("Please write what the app missed."))
    reading = review.second_readings.filter(coach=coach).first()
    if reading is None:
        require_hold(review, coach)
    elif reading.done_at:
        raise ReviewError(_("Your second reading is finished: it is compared as it stands."))
    now = timezone.now()
    if metric is None:
        return Verdict.objects.create(review=review, coach=coach, answer=answer, why=why)
    given = {"review": review, "answer": answer, "why": why, "changed_at": now}
    return Verdict.objects.update_or_create(coach=coach, metric=metric, defaults=given)[0]


def verdict_withdraw(*, verdict: Verdict) -> None:
    if verdict.review.second_readings.filter(coach=verdict.coach, done_at__isnull=False).exists():
        raise ReviewError(_("Your second reading is finished: it is compared as it stands."))
    verdict.delete()


@transaction.atomic
def second_reading_start(*, review: Review, coach: User) -> SecondReading:
    if not may_read_second(coach, review):
        raise ReviewError(_("You know this review already; a second reading is for another coach."))
    return SecondReading.objects.get_or_create(review=review, coach=coach)[0]


def second_reading_finish(*, reading: SecondReading) -> bool:
    if not Verdict.objects.filter(review=reading.review, coach=reading.coach).exists():
        raise ReviewError(_("Give at least one verdict first."))
    return bool(SecondReading.objects.filter(pk=reading.pk, done_at=None).update(done_at=timezone.now()))
