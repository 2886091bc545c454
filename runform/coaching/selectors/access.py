from runform.accounts.models import User
from runform.coaching.models import Review


def sees_verdicts_of_others(user: User, review: Review) -> bool:
    """Another coach's verdicts and drafts stay hidden until one took the review over or has given one's own."""
    if review.readers.filter(pk=user.pk).exists():
        return True
    return review.second_readings.filter(coach=user, done_at__isnull=False).exists()
