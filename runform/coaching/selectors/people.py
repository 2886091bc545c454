from runform.accounts.models import User
from runform.clubs.models import CoachAssignment
from runform.clubs.selectors import athletes_coached_by
from runform.coaching.models import Review


def coaches_of(review: Review) -> list[User]:
    """Who may review this athlete at the moment."""
    assigned = CoachAssignment.objects.filter(athlete=review.form_check.athlete_id, ended_at=None).values("coach")
    coaches = User.objects.filter(pk__in=assigned, is_active=True).order_by("pk")
    athlete = review.form_check.athlete_id
    return [coach for coach in coaches if athletes_coached_by(coach).filter(pk=athlete).exists()]


def coaches_to_tell(review: Review) -> list[User]:
    """The coach who published, while still assigned; otherwise everybody who coaches the athlete."""
    coaches = coaches_of(review)
    newest = review.publications.first()
    return [coach for coach in coaches if newest and coach.pk == newest.coach_id] or coaches
