from django.db import transaction
from django.utils import timezone

from runform.accounts.models import User
from runform.clips.models import Clip
from runform.coaching.models import Occasion, RefilmRequest, Review, State
from runform.coaching.services.claims import require_hold
from runform.coaching.services.notices import notify
from runform.reports.models import AnnotatedFrame


@transaction.atomic
def refilm_ask(
    *,
    review: Review,
    coach: User,
    view: str,
    clip: Clip | None = None,
    gate: str = "",
    reason: str = "",
    frame: AnnotatedFrame | None = None,
    text: str = "",
) -> RefilmRequest:
    """Ask for another clip and let the review go: the next step is the athlete's."""
    require_hold(review, coach)
    request = RefilmRequest.objects.create(
        review=review,
        requested_by=coach,
        view=view,
        clip=clip,
        gate=gate[:40],
        reason=reason,
        frame=frame,
        text=text.strip(),
    )
    Review.objects.filter(pk=review.pk).update(
        state=State.REFILM, state_at=timezone.now(), claimed_by=None, claim_expires_at=None
    )
    notify(user=review.form_check.athlete, occasion=Occasion.REFILM, review=review, event=f"refilm:{request.code}")
    return request


@transaction.atomic
def refilm_withdraw(*, request: RefilmRequest) -> bool:
    if not RefilmRequest.objects.filter(pk=request.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        return False
    if not request.review.refilm_requests.filter(withdrawn_at=None).exists():
        published = request.review.publications.exists()
        Review.objects.filter(pk=request.review_id, state=State.REFILM).update(
            state=State.PUBLISHED if published else State.WAITING, state_at=timezone.now()
        )
    return True
