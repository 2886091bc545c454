"""What people put right and mark: kept at once, and computed into a new report on demand."""

import json
import math
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.corrections import read_corrections
from analysis.errors import AnalysisError
from runform.accounts.models import User
from runform.clips.models import Clip
from runform.processing.models import Correction, CorrectionKind, Job, JobKind, Line, Mark
from runform.processing.selectors import corrections_of
from runform.processing.services import job_submit

# More of one kind is a mistake of the page, not of a person.
MOST_OF_A_KIND, MOST_MARKS = 400, 200
# What a correction says fits into a line; a NUL fits into no database.
MOST_CHARS, NUL = 500, r"\u0000"
ONE_OF_A_KIND = (
    CorrectionKind.RUNNER,
    CorrectionKind.VIEW,
    CorrectionKind.SPEED,
    CorrectionKind.SLOW_MOTION,
    CorrectionKind.STRETCH,
)
SIDES = ("left", "right")
# A frame's time comes back from a browser with rounding.
SAME_FRAME_S = 0.004


class BadCorrectionError(Exception):
    """It makes no sense; the text is for people."""


def corrections_add(*, clip: Clip, items: Sequence[dict[str, Any]], made_by: User) -> None:
    """Keep what a person put right.  Of what can be only one thing, the newest takes the place of the others."""
    try:
        read_corrections(items)
    except AnalysisError as error:
        raise BadCorrectionError(_("This correction cannot be read. Please try again.")) from error
    if any(len(text) > MOST_CHARS or NUL in text for text in map(json.dumps, items)):
        raise BadCorrectionError(_("This correction cannot be read. Please try again."))
    kinds = [CorrectionKind(item["kind"]) for item in items]
    with transaction.atomic():
        # The clip's row is the lock: rows that are not there yet cannot be locked.
        Clip.objects.select_for_update().get(pk=clip.pk)
        held = Correction.objects.filter(clip=clip, withdrawn_at=None)
        if len(items) + held.count() > MOST_OF_A_KIND:
            raise BadCorrectionError(_("That is too much to put right. Please film the run again."))
        held.filter(kind__in=set(kinds) & set(ONE_OF_A_KIND)).update(withdrawn_at=timezone.now())
        for kind, item in zip(kinds, items, strict=True):
            _replace_same(clip, kind, item)
            Correction.objects.create(clip=clip, kind=kind, item=_plain(item), made_by=made_by)


def correction_withdraw(*, correction: Correction) -> bool:
    """Take one back; False when somebody did already."""
    open_ = Correction.objects.filter(pk=correction.pk, withdrawn_at=None)
    return bool(open_.update(withdrawn_at=timezone.now()))


def mark_put(*, clip: Clip, line: str, t_s: float, side: str, ends: Any, marked_by: User) -> Mark:
    """Keep a line on a frame; one that was there is moved."""
    places = _ends(ends)
    if line not in Line.values or not math.isfinite(t_s) or t_s < 0 or (line != Line.DECK and side not in SIDES):
        raise BadCorrectionError(_("This line cannot be read. Please draw it again."))
    if Mark.objects.filter(clip=clip).count() >= MOST_MARKS:
        raise BadCorrectionError(_("There are too many lines on this clip. Remove some first."))
    if line == Line.DECK:
        # One edge is enough; a new line takes the place of the old one.
        Mark.objects.filter(clip=clip, line=line).delete()
    mark, _created = Mark.objects.update_or_create(
        clip=clip,
        line=line,
        t_s=round(t_s, 4),
        defaults={
            "side": "" if line == Line.DECK else side,
            "ends": places,
            "marked_by": marked_by,
            "marked_at": timezone.now(),
        },
    )
    return mark


def mark_remove(*, clip: Clip, line: str, t_s: float) -> int:
    near = (t_s - SAME_FRAME_S, t_s + SAME_FRAME_S)
    return Mark.objects.filter(clip=clip, line=line, t_s__range=near).delete()[0]


def recompute(*, clip: Clip, requested_by: User) -> Job:
    """Order a new report with everything that was put right and marked."""
    return job_submit(clip=clip, requested_by=requested_by, kind=JobKind.RECOMPUTE)


def _replace_same(clip: Clip, kind: CorrectionKind, item: dict[str, Any]) -> None:
    """A point or an event that is moved again: the earlier move is taken back."""
    if kind in ONE_OF_A_KIND:
        return
    names = ("point",) if kind is CorrectionKind.LANDMARK else ("event", "side")
    for other in corrections_of(clip).filter(kind=kind):
        same = all(other.item[name] == item[name] for name in names)
        if same and abs(other.item["t_s"] - item["t_s"]) <= SAME_FRAME_S:
            correction_withdraw(correction=other)


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    """Without a name: who made it is known from the login, not from the browser."""
    return {name: value for name, value in item.items() if name != "by"}


def _ends(ends: Any) -> list[list[float]]:
    try:
        (a, b), (c, d) = ends
        places = [[float(a), float(b)], [float(c), float(d)]]
    except (TypeError, ValueError, OverflowError) as error:
        raise BadCorrectionError(_("This line cannot be read. Please draw it again.")) from error
    if not all(math.isfinite(one) and abs(one) < 1e5 for place in places for one in place) or places[0] == places[1]:
        raise BadCorrectionError(_("This line cannot be read. Please draw it again."))
    return places
