from runform.accounts.models import AthleteProfile, User


def profile_ensure(*, user: User) -> AthleteProfile:
    """The person's profile, made on first need."""
    return AthleteProfile.objects.get_or_create(user=user)[0]
