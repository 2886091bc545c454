"""The last change of each of an athlete's numbers, kept in a row so that a page of five hundred people opens at once.

A row is drawn from the stored reports and from nothing else: it can be thrown away and drawn again.  It is out of date
when the athlete's newest report, or their number of reports, is another than the row says.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from analysis.compare import Verdict, chain, compare
from runform.clips.models import FormCheck
from runform.desk.models import Trend
from runform.reports.compare.rows import band_of
from runform.reports.models import Report
from runform.reports.progress.occasions import Occasion, occasions_from
from runform.reports.rows import SPECS
from runform.reports.selectors import reports_newest

# As far back as a comparable FormCheck is looked for.
CHECKS_BACK = 6
AT_ONCE = 200


def trends_stale(athletes: Iterable[int] | None = None) -> dict[int, tuple[int, int]]:
    """Athletes whose row does not stand for their reports of today, each with the sign of today's."""
    reports = Report.objects.filter(clip__deleted_at=None)
    rows = Trend.objects.all()
    if athletes is not None:
        athletes = list(athletes)
        reports, rows = reports.filter(clip__athlete__in=athletes), rows.filter(athlete__in=athletes)
    signs = {
        athlete: (newest, count)
        for athlete, newest, count in reports.order_by()
        .values("clip__athlete")
        .annotate(newest=Max("pk"), n=Count("pk"))
        .values_list("clip__athlete", "newest", "n")
    }
    drawn = {
        row.athlete_id: (row.newest_report, row.n_reports)
        for row in rows.only("athlete_id", "newest_report", "n_reports")
    }
    gone = {athlete: (0, 0) for athlete in drawn.keys() - signs.keys() if drawn[athlete] != (0, 0)}
    return {athlete: sign for athlete, sign in signs.items() if drawn.get(athlete) != sign} | gone


def trends_refresh(athletes: Iterable[int] | None = None, at_most: int = AT_ONCE) -> int:
    """Draw what is out of date anew; how many rows that were.  Doing it twice does no harm."""
    stale = dict(sorted(trends_stale(athletes).items())[:at_most])
    occasions = _occasions(stale)
    rows = [
        Trend(
            athlete_id=athlete,
            newest_report=newest,
            n_reports=count,
            drawn_at=timezone.now(),
            **_content(occasions[athlete]),
        )
        for athlete, (newest, count) in stale.items()
    ]
    fields = ["newest_report", "n_reports", "drawn_at", "latest", "changes", "n_nearer", "n_further"]
    Trend.objects.bulk_create(rows, update_conflicts=True, unique_fields=["athlete"], update_fields=fields)
    return len(rows)


def _occasions(athletes: Iterable[int]) -> dict[int, list[Occasion]]:
    """The last FormChecks of each athlete, oldest first."""
    dated = FormCheck.objects.filter(athlete__in=athletes).order_by("-recorded_on", "-pk")
    by_athlete: dict[int, list[int]] = defaultdict(list)
    for pk, athlete in dated.values_list("pk", "athlete"):
        if len(by_athlete[athlete]) < CHECKS_BACK:
            by_athlete[athlete].append(pk)
    checks = FormCheck.objects.filter(pk__in=[pk for own in by_athlete.values() for pk in own])
    found: dict[int, list[Occasion]] = defaultdict(list)
    for occasion in occasions_from(reports_newest(), checks):
        found[occasion.check.athlete_id].append(occasion)
    return found


def _content(occasions: list[Occasion]) -> dict[str, Any]:
    latest: dict[str, Any] = {}
    changes = []
    for key in {key for occasion in occasions for key in occasion.points}:
        shown = [occasion for occasion in occasions if key in occasion.points]
        points = [occasion.points[key] for occasion in shown]
        latest[key] = _latest(shown[-1], key)
        before = chain(points)[-1]
        if before is not None and key in SPECS:
            spec = SPECS[key]
            change = compare(points[before], points[-1], spec.mdc, band_of(shown[-1], key))
            if change.verdict == Verdict.CHANGED:
                since = shown[before].check.recorded_on.isoformat()
                changes.append({"key": key, "way": change.way, "by": round(change.difference, 3), "since": since})
    changes.sort(key=lambda change: (change["way"] != "further", change["key"]))
    return {
        "latest": latest,
        "changes": changes,
        "n_nearer": sum(change["way"] == "nearer" for change in changes),
        "n_further": sum(change["way"] == "further" for change in changes),
    }


def _latest(occasion: Occasion, key: str) -> Mapping[str, Any]:
    point, result = occasion.points[key], occasion.results.get(key)
    return {
        "value": round(point.value, 4),
        "grade": point.grade,
        "status": result.status if result else "",
        "on": occasion.check.recorded_on.isoformat(),
    }
