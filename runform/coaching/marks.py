"""What a coach said and the athlete did, on the axis of the athlete's numbers: which cue moved which."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from runform.accounts.models import User
from runform.clubs.selectors import athletes_visible_to
from runform.coaching.models import DrillTick, Publication
from runform.reports.progress.marks import Mark


def review_marks(viewer: User, athlete: User) -> list[Mark]:
    """Published reviews with their cues, by metric, and the drills that were begun; of a review the newest edition."""
    if not athletes_visible_to(viewer).filter(pk=athlete.pk).exists():
        return []
    rows = Publication.objects.filter(review__form_check__athlete=athlete, review__form_check__deleted_at=None)
    rows = rows.select_related("review__form_check", "coach")
    newest = {row.review_id: row for row in rows.order_by("number")}
    ticks: dict[int, dict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    done = DrillTick.objects.filter(review__in=newest).order_by("done_on")
    for review, drill, day in done.values_list("review", "drill", "done_on"):
        ticks[review][drill].append(day)
    return [mark for pk, row in newest.items() for mark in _marks(row, ticks[pk])]


def _marks(row: Publication, ticks: dict[str, list[date]]) -> Iterator[Mark]:
    url = reverse("results", args=[row.review.form_check.code])
    day = timezone.localtime(row.published_at).date()
    by = _("by %(coach)s") % {"coach": row.coach} if row.coach else ""
    yield Mark(day, _("Review"), by, url=url)
    for tip in row.content.get("tips", ()):
        key = tip.get("key") or ""
        yield Mark(day, _("Cue"), tip.get("cue", ""), metric=key, url=url)
        for drill in tip.get("drills", ()):
            if days := ticks.get(drill[:120]):
                count = ngettext("%(n)s time", "%(n)s times", len(days)) % {"n": len(days)}
                yield Mark(days[0], _("Drill begun"), f"{drill} ({count})", metric=key, url=url)
