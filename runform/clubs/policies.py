"""Who may do what.  Consent is read here, each time, and never pushed."""

from datetime import datetime
from typing import Protocol

from runform.accounts.models import User
from runform.clubs.selectors import athletes_visible_to


class FormCheckLike(Protocol):
    @property
    def athlete(self) -> User: ...


class ClipLike(Protocol):
    """A clip, as far as these rules need to know it."""

    deleted_at: datetime | None

    @property
    def form_check(self) -> FormCheckLike: ...


def may_process(clip: ClipLike) -> bool:
    """Asked by claim, by each heartbeat, by publication and by the reaper."""
    return clip.deleted_at is None and clip.form_check.athlete.is_active


def may_view(user: User, clip: ClipLike) -> bool:
    """Asked by every view of media."""
    if clip.deleted_at is not None:
        return False
    return athletes_visible_to(user).filter(pk=clip.form_check.athlete.pk).exists()
