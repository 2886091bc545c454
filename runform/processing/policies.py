"""Who may put right what.  Athletes and guardians know who, when, how fast and from where; the rest takes a coach."""

from runform.accounts.models import User
from runform.clips.models import Clip
from runform.clubs.selectors import athletes_coached_by, wards_of
from runform.processing.models import CorrectionKind

OWN = (
    CorrectionKind.RUNNER,
    CorrectionKind.VIEW,
    CorrectionKind.SPEED,
    CorrectionKind.SLOW_MOTION,
    CorrectionKind.STRETCH,
)


def correctable_kinds(user: User, clip: Clip) -> tuple[CorrectionKind, ...]:
    """What this person may put right in a clip; nothing for most people."""
    if clip.deleted_at is not None:
        return ()
    if athletes_coached_by(user).filter(pk=clip.athlete_id).exists():
        return tuple(CorrectionKind)
    own = user.pk == clip.athlete_id or wards_of(user).filter(pk=clip.athlete_id).exists()
    return OWN if own else ()


def may_mark(user: User, clip: Clip) -> bool:
    """Lines along waist, shoulders and deck."""
    return bool(correctable_kinds(user, clip))
