from datetime import date

from runform.accounts.models import AthleteProfile, User


def profile_ensure(*, user: User) -> AthleteProfile:
    """The person's profile, made on first need."""
    return AthleteProfile.objects.get_or_create(user=user)[0]


def birth_date_tell(*, user: User, birth_date: date) -> None:
    """Once: what is known already is changed in the profile."""
    profile_ensure(user=user)
    AthleteProfile.objects.filter(user=user, birth_date=None).update(birth_date=birth_date)
