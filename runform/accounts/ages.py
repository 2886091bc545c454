"""Who counts as a minor.  An age that nobody told is an adult's: the first consent asks for it."""

from datetime import date

from django.utils import timezone

from runform.accounts.models import AthleteProfile, User

ADULT_YEARS = 18


def adult_when_born_by(today: date | None = None) -> date:
    """The latest birth date of an adult.  Who was born on 29 February is one on 1 March."""
    today = today or timezone.localdate()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year - ADULT_YEARS, today.month, day)


def is_minor(user: User) -> bool:
    """Asked of the database anew."""
    return AthleteProfile.objects.filter(user=user, birth_date__gt=adult_when_born_by()).exists()
