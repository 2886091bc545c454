"""For runners or for coaches: which of the two texts a person reads.  The numbers are the same."""

from runform.accounts.models import User
from runform.clubs.selectors import is_coach
from runform.reports.models import Level, Reader


def level_of(user: User) -> str:
    """As the person chose; else coaches read as coaches."""
    chosen = Reader.objects.filter(user=user).values_list("level", flat=True).first()
    return chosen or (Level.COACH if is_coach(user) else Level.ATHLETE).value


def level_choose(*, user: User, level: str) -> None:
    Reader.objects.update_or_create(user=user, defaults={"level": level})
