"""Where the review of a FormCheck stands, in the athlete's eyes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.models import CoachAssignment
from runform.coaching.models import Publication, RefilmRequest, Review, State
from runform.coaching.selectors.due import days_given, due_on, ready_times
from runform.reports.selectors import reports_held_from


@dataclass(frozen=True)
class Standing:
    """``held``: there are results that wait for the coach.  ``stage``: none, waiting, looking, refilm, published or
    answered."""

    check: FormCheck
    review: Review | None
    stage: str
    held: bool
    publication: Publication | None
    refilms: Sequence[RefilmRequest]
    # While the coach has something to look at, and the day is not over.
    due_on: date | None = None

    @property
    def unread(self) -> bool:
        return self.publication is not None and self.publication.read_at is None

    @property
    def text(self) -> str:
        coach = self.review.claimed_by if self.review else None
        by = self.publication.coach if self.publication else None
        return {
            "none": "",
            "waiting": self._waiting(),
            "looking": _("%(coach)s is looking at it.") % {"coach": coach or _("Your coach")},
            "refilm": _("Your coach asks for another clip."),
            "published": _("Reviewed by %(coach)s.") % {"coach": by or _("your coach")},
            "answered": _("Your coach has your answer."),
        }[self.stage]

    def _waiting(self) -> str:
        if self.due_on is None:
            return _("Your coach will look at it.")
        return _("Your coach will look at it, by %(day)s.") % {"day": date_format(self.due_on, "SHORT_DATE_FORMAT")}


def standings_of(user: User, checks: Iterable[FormCheck]) -> dict[int, Standing]:
    """By FormCheck; a fixed number of queries, however many there are."""
    checks = list(checks)
    rows = Review.objects.filter(form_check__in=checks).select_related("claimed_by", "form_check")
    reviews = {review.form_check_id: review for review in rows}
    publications = _newest(reviews.values())
    refilms: dict[int, list[RefilmRequest]] = {}
    open_ones = RefilmRequest.objects.filter(review__in=reviews.values(), withdrawn_at=None)
    for one in open_ones.select_related("frame", "requested_by"):
        refilms.setdefault(one.review_id, []).append(one)
    held = set(reports_held_from(user).filter(clip__form_check__in=checks).values_list("clip__form_check", flat=True))
    ready = ready_times(checks)
    days = days_given(CoachAssignment.objects.filter(athlete__in={check.athlete_id for check in checks}))

    def standing(check: FormCheck) -> Standing:
        review = reviews.get(check.pk)
        stage = _stage(review, coached=check.athlete_id in days)
        key = review.pk if review else 0
        due = due_on(review, ready[check.pk], days.get(check.athlete_id, 0)) if check.pk in ready else None
        ahead = due if due and due >= timezone.localdate() else None
        return Standing(check, review, stage, check.pk in held, publications.get(key), refilms.get(key, []), ahead)

    return {check.pk: standing(check) for check in checks}


def _newest(reviews: Iterable[Review]) -> dict[int, Publication]:
    rows = Publication.objects.filter(review__in=list(reviews)).select_related("coach").order_by("number")
    return {row.review_id: row for row in rows}


def _stage(review: Review | None, *, coached: bool) -> str:
    if review and review.claimed_by_id and review.claim_expires_at and review.claim_expires_at > timezone.now():
        return "looking" if review.state == State.WAITING else _settled(review)
    if review and review.state != State.WAITING:
        return _settled(review)
    return "waiting" if coached else "none"


def _settled(review: Review) -> str:
    return {State.REFILM: "refilm", State.ANSWERED: "answered"}.get(State(review.state), "published")
