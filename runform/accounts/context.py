"""What every template knows: ``speed_unit``, the unit in which this person reads speeds."""

from django.http import HttpRequest

from runform.accounts.models import User
from runform.accounts.selectors import speed_unit_of
from runform.core.units import SpeedUnit


def speed_unit(request: HttpRequest) -> dict[str, str]:
    profile = getattr(request, "athlete_profile", None)
    if profile is not None:
        return {"speed_unit": profile.speed_unit}
    user = getattr(request, "user", None)
    return {"speed_unit": speed_unit_of(user) if isinstance(user, User) else SpeedUnit.KMH.value}
