"""What a person may see of a review."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.selectors import coached_ids, visible_ids
from runform.coaching.models import Comment, Notification, Publication, RefilmRequest, Review, TipTemplate, Verdict
from runform.coaching.selectors.access import sees_verdicts_of_others
from runform.reports.models import MetricResult, Report


def checks_reviewable_by(user: User) -> QuerySet[FormCheck]:
    rows = FormCheck.objects.filter(athlete__in=coached_ids(user), deleted_at=None)
    return rows.select_related("athlete")


def reviews_visible_to(user: User) -> QuerySet[Review]:
    rows = Review.objects.filter(form_check__athlete__in=visible_ids(user), form_check__deleted_at=None)
    return rows.select_related("form_check__athlete", "claimed_by")


def publications_visible_to(user: User) -> QuerySet[Publication]:
    """Published is published: the athlete, their guardians and their coaches."""
    rows = Publication.objects.filter(review__in=reviews_visible_to(user).values("pk"))
    return rows.select_related("coach", "review__form_check__athlete")


def refilms_visible_to(user: User) -> QuerySet[RefilmRequest]:
    rows = RefilmRequest.objects.filter(review__in=reviews_visible_to(user).values("pk"), withdrawn_at=None)
    return rows.select_related("frame", "review__form_check__athlete", "requested_by")


def comments_in(review: Review, *, by_coach: bool) -> QuerySet[Comment]:
    """Of one review; the athlete's side sees what was sent."""
    rows = review.comments.select_related("author", "report").order_by("created_at", "pk")
    return rows if by_coach else rows.exclude(published_at=None)


@dataclass
class Thread:
    """``shown_in``: the newest report of the clip that it is about, where the reader may see it."""

    root: Comment
    replies: list[Comment] = field(default_factory=list)
    shown_in: Report | None = None


def threads_of(comments: Iterable[Comment], reports: Iterable[Report]) -> list[Thread]:
    """A removed comment stays as a gap while it has replies."""
    threads: dict[int, Thread] = {}
    by_clip = {report.clip_id: report for report in reports}
    for comment in comments:
        if comment.parent_id is None:
            shown_in = by_clip.get(comment.report.clip_id) if comment.report else None
            threads[comment.pk] = Thread(comment, shown_in=shown_in)
        elif comment.parent_id in threads and comment.deleted_at is None:
            threads[comment.parent_id].replies.append(comment)
    return [thread for thread in threads.values() if thread.replies or thread.root.deleted_at is None]


def verdicts_visible_to(user: User, review: Review) -> QuerySet[Verdict]:
    """One's own; those of others to whom the review was known anyway, or who have given their own."""
    rows = review.verdicts.select_related("coach", "metric__report")
    return rows if sees_verdicts_of_others(user, review) else rows.filter(coach=user)


@dataclass(frozen=True)
class Judged:
    """What a coach said of a number: of ``result`` itself, or of what it was in an earlier version of the report."""

    verdict: Verdict
    result: MetricResult

    @property
    def earlier(self) -> MetricResult | None:
        said_of = self.verdict.metric
        return said_of if said_of and said_of.pk != self.result.pk else None

    @property
    def holds(self) -> bool:
        """A verdict on another number is no verdict on this one."""
        before, now = self.earlier, self.result
        return before is None or (before.value, before.low, before.high, before.status) == (
            now.value,
            now.low,
            now.high,
            now.status,
        )


def judged_by(coach: User | None, verdicts: Iterable[Verdict], results: Iterable[MetricResult]) -> dict[int, Judged]:
    """By result of the newest reports: what the coach said of it, or last said of an earlier version."""
    own = [verdict for verdict in verdicts if verdict.coach == coach and verdict.metric]
    own.sort(key=lambda verdict: (verdict.metric.report.created_at, verdict.metric.report_id))  # type: ignore[union-attr]
    said = {(v.metric.report.clip_id, v.metric.key): v for v in own if v.metric}
    found = ((one, said.get((one.report.clip_id, one.key))) for one in results)
    return {one.pk: Judged(verdict, one) for one, verdict in found if verdict}


def metrics_judgeable_in(review: Review) -> QuerySet[MetricResult]:
    reports = Q(report__clip__form_check=review.form_check_id, report__clip__deleted_at=None)
    return MetricResult.objects.filter(reports, value__isnull=False)


def templates_of(coach: User) -> QuerySet[TipTemplate]:
    return TipTemplate.objects.filter(coach=coach, deleted_at=None)


def notifications_of(user: User) -> QuerySet[Notification]:
    """What the person may still see: the review may have been closed to them since."""
    rows = Notification.objects.filter(user=user, review__in=reviews_visible_to(user).values("pk"))
    return rows.select_related("review__form_check__athlete")
