"""What was said in a seeded club: reviews with cues and drills, verdicts, conversations, and drills that were done."""

import random
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.coaching.models import Answer, Comment, DrillTick, Publication, Review, State, TipTemplate, Verdict
from runform.reports.models import MetricResult
from runform.reports.rows import SPECS

# The newest FormChecks wait; of the older ones a few were forgotten.
WAITING_DAYS, FORGOTTEN = 21, 0.01
LAG_DAYS = 7
MESSAGE = "Thank you for filming. One thing for the next four weeks; then we film again at the same speed."
WORDS = (("How often shall I do this?", "Every other day is plenty."), ("It feels odd so far.", "It will, for a week."))
ANSWERS = (Answer.AGREE,) * 8 + (Answer.DISAGREE, Answer.CANT_TELL)

Add = Callable[[Iterable[Any]], list[Any]]
Code = Callable[[random.Random], uuid.UUID]


@dataclass
class Said:
    """Rows to be added, in the order in which they may be."""

    reviews: list[Review] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    ticks: list[DrillTick] = field(default_factory=list)


@dataclass(frozen=True)
class Seeder:
    chance: random.Random
    last: date
    code: Code
    add: Add

    def published_at(self, day: date) -> datetime | None:
        """When a FormCheck of that day was reviewed; None: it waits."""
        lag = timedelta(days=self.chance.randint(0, LAG_DAYS))
        waits = self.last - day < timedelta(days=WAITING_DAYS) and self.chance.random() < 0.6
        if waits or day + lag > self.last or self.chance.random() < FORGOTTEN:
            return None
        return datetime.combine(day + lag, time(18), timezone.get_default_timezone())

    def templates(self, coaches: Iterable[User]) -> Iterator[TipTemplate]:
        for coach in coaches:
            for key in self.chance.sample(sorted(SPECS), 3):
                title = f"{SPECS[key].label}: my words"
                yield TipTemplate(code=self.code(self.chance), coach=coach, key=key, title=title, cue="Stay tall.")

    def reviews(self, checks: Iterable[tuple[FormCheck, User, list[MetricResult]]]) -> None:
        """Each FormCheck with the coach of its athlete and its numbers."""
        said = Said()
        for check, coach, results in checks:
            if (at := check.published_at) and results:
                self._review(said, check, at, coach, results)
        for rows in (said.reviews, said.publications, said.verdicts, said.comments, said.ticks):
            self.add(rows)
        readers = Review.readers.through
        self.add(readers(review_id=one.review_id, user_id=one.coach_id) for one in said.publications)

    def _review(self, said: Said, check: FormCheck, at: datetime, coach: User, results: list[MetricResult]) -> None:
        chance = self.chance
        worst = min(results, key=lambda one: ({"flag": 0, "watch": 1}.get(one.status, 2), one.order))
        tip = _tip(worst)
        content = {"message": MESSAGE, "tips": [tip]}
        state = chance.choice([State.PUBLISHED, State.PUBLISHED, State.PUBLISHED, State.CLOSED])
        review = Review(
            code=self.code(chance), form_check=check, state=state, created_at=check.created_at, state_at=at,
            draft=content, draft_version=2, drafted_at=at, active_s=chance.randint(90, 600),
        )  # fmt: skip
        read_at = at + timedelta(days=1) if chance.random() < 0.85 else None
        said.reviews.append(review)
        said.publications.append(
            Publication(
                code=self.code(chance), review=review, number=1, coach=coach, published_at=at, read_at=read_at,
                content={**content, "draft_version": 1},
            )
        )  # fmt: skip
        said.verdicts.append(
            Verdict(
                code=self.code(chance), review=review, coach=coach, metric=worst, answer=chance.choice(ANSWERS),
                created_at=at, changed_at=at,
            )
        )  # fmt: skip
        if read_at:
            self._answer(said, review, coach, read_at, tip["drills"])

    def _answer(self, said: Said, review: Review, coach: User, at: datetime, drills: list[str]) -> None:
        chance = self.chance
        if chance.random() < 0.15:
            asked, answered = chance.choice(WORDS)
            for author, text, days in ((review.form_check.athlete, asked, 0), (coach, answered, 1)):
                when = at + timedelta(days=days)
                said.comments.append(
                    Comment(
                        code=self.code(chance), review=review, author=author, text=text, created_at=when,
                        published_at=when,
                    )
                )  # fmt: skip
        if drills and chance.random() < 0.3:
            for day in sorted(chance.sample(range(1, 28), chance.randint(2, 8))):
                done_on = (at + timedelta(days=day)).date()
                if done_on <= self.last:
                    said.ticks.append(DrillTick(review=review, drill=drills[0][:120], done_on=done_on, created_at=at))


def _tip(result: MetricResult) -> dict[str, Any]:
    spec = SPECS[result.key]
    high = result.band is not None and result.band["ok"][1] is not None and (result.value or 0) > result.band["ok"][1]
    advice = (spec.advice_high if high else spec.advice_low) or spec.advice_high or spec.advice_low
    if advice is None:
        return {"key": result.key, "cue": "Run on like this.", "why": "", "drills": []}
    drills = [f"{drill.name}: {drill.dose}" for drill in advice.drills]
    return {"key": result.key, "cue": advice.cue, "why": advice.why, "drills": drills}
