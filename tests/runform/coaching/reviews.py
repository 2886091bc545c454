"""Reviews in all their states, made by the real services."""

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.coaching.models import Answer, Publication, Review
from runform.coaching.services.claims import review_claim
from runform.coaching.services.comments import comment_add
from runform.coaching.services.drafts import draft_propose, draft_save
from runform.coaching.services.library import drill_save, template_save
from runform.coaching.services.publish import review_publish
from runform.coaching.services.refilm import refilm_ask
from runform.coaching.services.verdicts import verdict_give
from runform.reports.models import AnnotatedFrame, MetricResult
from tests.runform.coaching.notes import make_drawing, make_voice_note

DRILL = "Chin tucks: 2 × 10, daily"
DRAFT = {
    "message": "A good run. One thing for now.",
    "tips": [{"key": "head_pitch", "cue": "Look ahead.", "why": "The head is heavy.", "drills": [DRILL]}],
}


def make_claimed(check: FormCheck, coach: User) -> Review:
    review = review_claim(form_check=check, coach=coach)
    draft_propose(review=review)
    return review


def make_published(check: FormCheck, coach: User) -> Publication:
    review = make_claimed(check, coach)
    version = draft_save(review=review, coach=coach, version=review.draft_version, content=DRAFT)
    return review_publish(review=review, coach=coach, version=version)


def make_review(check: FormCheck, coach: User) -> Review:
    """Asked for another clip, published, talked about, and held by the coach once more."""
    review = make_claimed(check, coach)
    frame = AnnotatedFrame.objects.filter(report__clip__form_check=check).first()
    metric = MetricResult.objects.filter(report__clip__form_check=check, value__isnull=False)[0]
    verdict_give(review=review, coach=coach, metric=metric, answer=Answer.AGREE)
    verdict_give(review=review, coach=coach, metric=None, answer=Answer.MISSED, why="The left arm crosses over.")
    comment_add(review=review, author=coach, text="Look at the left arm.")
    refilm_ask(review=review, coach=coach, view="rear", frame=frame, text="Please from behind as well.")
    make_drawing(review, coach, metric.report)
    make_voice_note(review, coach, metric.report)
    make_published(check, coach)
    comment_add(review=review, author=check.athlete, text="How often?")
    template_save(coach=coach, title="Mine", cue="Chin back by {value}.", key="head_pitch")
    drill_save(coach=coach, name="Wall lean")
    again = make_claimed(check, coach)
    make_voice_note(again, coach, metric.report)  # not published yet
    return again
