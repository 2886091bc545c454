from runform.accounts.models import AthleteProfile, User
from runform.core.units import SpeedUnit


def profile_of(user: User) -> AthleteProfile:
    """The person's profile as it is; an unsaved one with the defaults when there is none."""
    return AthleteProfile.objects.filter(user=user).first() or AthleteProfile(user=user)


def speed_unit_of(user: User) -> str:
    return str(profile_of(user).speed_unit or SpeedUnit.KMH)
