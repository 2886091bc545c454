"""The newest published review of a FormCheck, for the pages of `reports`."""

from runform.clips.models import FormCheck
from runform.coaching.models import Publication
from runform.reports.published import CoachTip, PublishedReview
from runform.reports.rows import SPECS


def newest_review(check: FormCheck) -> PublishedReview | None:
    newest = Publication.objects.filter(review__form_check=check).select_related("coach").first()
    if newest is None:
        return None
    tips = [
        CoachTip(
            SPECS[tip["key"]].label if tip["key"] in SPECS else "",
            tip["cue"],
            tip.get("why", ""),
            tip.get("drills", ()),
        )
        for tip in newest.content.get("tips", ())
    ]
    coach = str(newest.coach) if newest.coach else ""
    return PublishedReview(coach, newest.published_at, newest.content.get("message", ""), tips)
