"""The draft of a summary: proposed by the app, saved by whoever read its newest version."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from runform.accounts.models import User
from runform.coaching.models import Review
from runform.coaching.services.claims import NotHeldError, ReviewError, free_for, held_by, require_hold
from runform.coaching.tips import propose_tips
from runform.reports.results import build_results, clip_report
from runform.reports.selectors import reports_of

MESSAGE_MAX = 4000
TEXT_MAX = 600
TIPS_MAX = 8
DRILLS_MAX = 8


class StaleDraftError(ReviewError):
    """The draft has moved on since it was read: another tab, or another coach."""


def draft_propose(*, review: Review) -> None:
    """Fill an untouched draft with the tips that the findings call for."""
    if review.draft_version:
        return
    results = build_results([clip_report(report) for report in reports_of(review.form_check)])
    content = {"message": "", "tips": propose_tips(results, review.form_check)}
    Review.objects.filter(pk=review.pk, draft_version=0).update(draft=content, draft_version=1)
    review.refresh_from_db()


def draft_save(*, review: Review, coach: User, version: int, content: dict[str, Any]) -> int:
    """The new version; refused when ``version`` is not the newest one."""
    clean = draft_clean(content)
    saved = free_for(review, coach).filter(draft_version=version)
    if saved.update(draft=clean, draft_version=version + 1, drafted_at=timezone.now(), **held_by(coach)):
        return version + 1
    require_hold(review, coach)
    raise StaleDraftError(_("This draft was changed elsewhere, perhaps in another tab. Your text is still here."))


def draft_clean(content: dict[str, Any]) -> dict[str, Any]:
    """Only what a draft holds, and no more than there is room for.  Too long is refused: nothing is cut off unseen."""
    message = str(content.get("message", "")).strip()
    tips = [_tip(tip) for tip in content.get("tips", [])]
    tips = [tip for tip in tips if tip["cue"] or tip["why"] or tip["drills"]]
    if len(message) > MESSAGE_MAX:
        raise ReviewError(_("The message is too long: up to %(n)d characters.") % {"n": MESSAGE_MAX})
    if len(tips) > TIPS_MAX:
        raise ReviewError(_("Up to %(n)d tips; three are read, eight are not.") % {"n": TIPS_MAX})
    return {"message": message, "tips": tips}


def _tip(tip: dict[str, Any]) -> dict[str, Any]:
    drills = [" ".join(str(drill).split()) for drill in tip.get("drills", [])]
    clean = {
        "key": str(tip.get("key", ""))[:40],
        "cue": str(tip.get("cue", "")).strip(),
        "why": str(tip.get("why", "")).strip(),
        "drills": [drill for drill in drills if drill],
    }
    longest = max(map(len, [clean["cue"], clean["why"], *clean["drills"]]))
    if longest > TEXT_MAX or len(clean["drills"]) > DRILLS_MAX:
        raise ReviewError(
            _("A tip is too long: up to %(n)d characters and %(m)d drills.") % {"n": TEXT_MAX, "m": DRILLS_MAX}
        )
    return clean


__all__ = ["NotHeldError", "ReviewError", "StaleDraftError", "draft_clean", "draft_propose", "draft_save"]
