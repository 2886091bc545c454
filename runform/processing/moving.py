"""A clip that was uploaded under the wrong athlete goes to the right one, and its trail is kept."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clips.services import form_check_create
from runform.clubs.audit import record
from runform.clubs.models import Action
from runform.processing.models import LIVE, Job
from runform.processing.services import job_cancel, job_submit


class MoveRefusedError(Exception):
    """The clip cannot go there; the text is for people.  ``duplicate`` is the clip that is there already."""

    def __init__(self, text: str, duplicate: Clip | None = None) -> None:
        super().__init__(text)
        self.duplicate = duplicate


def clip_move(*, clip: Clip, athlete: User, moved_by: User) -> FormCheck:
    """Hand a clip over to another athlete, into a FormCheck of the same day, and analyse it anew.

    The file stays where it is.  Height and sex differ, so what the earlier analysis said is out of date.
    """
    before = clip.athlete
    if athlete == before:
        raise MoveRefusedError(_("The clip is this athlete's already."))
    try:
        with transaction.atomic():
            check = _check_for(clip, athlete, moved_by)
            moved = Clip.objects.filter(pk=clip.pk, athlete=before, deleted_at=None)
            if not moved.update(athlete=athlete, form_check=check):
                raise MoveRefusedError(_("This clip was moved or removed a moment ago."))
            for job in Job.objects.filter(clip=clip, state__in=LIVE):
                job_cancel(job=job)
            record(Action.MOVED_AWAY, actor=moved_by, athlete=before, thing="clip", code=clip.code)
            record(Action.MOVED_HERE, actor=moved_by, athlete=athlete, thing="clip", code=clip.code)
            clip.refresh_from_db()
            job_submit(clip=clip, requested_by=moved_by)
    except IntegrityError as error:
        same = Clip.objects.filter(athlete=athlete, sha256=clip.sha256, deleted_at=None).select_related("form_check")
        raise MoveRefusedError(_("This athlete has the same clip already."), same.first()) from error
    return check


def _check_for(clip: Clip, athlete: User, moved_by: User) -> FormCheck:
    """Of the same day and speed, with room and not published yet; else a new one with the same conditions."""
    was = clip.form_check
    same_day = FormCheck.objects.select_for_update().filter(
        athlete=athlete,
        recorded_on=was.recorded_on,
        speed_mps=was.speed_mps,
        surface=was.surface,
        published_at=None,
        deleted_at=None,
    )
    for check in same_day.order_by("pk"):
        if check.clips.filter(deleted_at=None).count() < settings.LIMITS.clips_per_check:
            return check
    return form_check_create(
        athlete=athlete,
        created_by=moved_by,
        recorded_on=was.recorded_on,
        surface=was.surface,  # type: ignore[arg-type]
        speed_mps=was.speed_mps,
        incline_pct=was.incline_pct,
    )
