"""How a group stands in each metric, without showing anyone: nothing is said of fewer than five people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from analysis.metrics.spec import MetricSpec
from runform.accounts.models import User
from runform.clubs.models import Club, Purpose, Role
from runform.clubs.selectors import consents_to
from runform.desk.models import Trend
from runform.reports.charts import unit_suffix
from runform.reports.rows import SPECS, number_text

# The smallest group that is shown.  A squad of all but a few of the club would tell of these few: that is not shown
# either.
GROUP_MIN = 5
# Shares are said in steps, so that one person who comes or goes does not tell their number.
SHARE_STEP = 10


@dataclass(frozen=True)
class Picture:
    """The middle half of a group in one metric: quarter, median, three quarters.  ``ok_pct`` of those with a band."""

    spec: MetricSpec
    n: int
    low: float
    median: float
    high: float
    ok_pct: int | None

    @property
    def median_text(self) -> str:
        return number_text(self.median, self.spec.decimals) + unit_suffix(self.spec.unit)

    @property
    def quarters_text(self) -> str:
        words = {"low": number_text(self.low, self.spec.decimals), "high": number_text(self.high, self.spec.decimals)}
        return _("%(low)s to %(high)s") % words

    @property
    def ok_text(self) -> str:
        """Never "all" and never "nobody": that would tell of each."""
        if self.ok_pct is None:
            return "–"
        if self.ok_pct in {0, 100}:
            return _("nearly all") if self.ok_pct else _("hardly anyone")
        return _("about %(share)s %%") % {"share": self.ok_pct}


def pictures_of(club: Club, squad_code: str = "") -> tuple[int, list[Picture]]:
    """How many athletes of the group agreed to be counted, and each metric's picture; empty for a small group."""
    members = club.memberships.filter(role=Role.ATHLETE, ended_at=None)
    everybody = group = counted_in(club)
    if squad_code:
        group = everybody & set(members.filter(squads__code=squad_code).values_list("user", flat=True))
    if not large_enough(group, everybody):
        return len(group), []
    rows = Trend.objects.filter(athlete__in=everybody).values_list("athlete", "latest")
    return len(group), group_pictures(group, everybody, dict(rows))


def counted_in(club: Club) -> set[int]:
    """Athletes of the club who agreed to be counted in pictures of a group."""
    members = club.memberships.filter(role=Role.ATHLETE, ended_at=None)
    agreed = User.objects.filter(
        consents_to(Purpose.SQUAD), consents_to(Purpose.ANALYSIS), is_active=True, binned_at=None
    )
    return set(agreed.filter(pk__in=members.values("user")).values_list("pk", flat=True))


def group_pictures(group: set[int], everybody: set[int], latest: Mapping[int, Mapping[str, Any]]) -> list[Picture]:
    """``latest``: by athlete, their newest number of each metric.  Empty for a group that is too small."""
    if not large_enough(group, everybody):
        return []
    return [picture for spec in SPECS.values() if (picture := _picture(spec, group, latest))]


def large_enough(group: set[int], everybody: set[int]) -> bool:
    rest = len(everybody) - len(group)
    return len(group) >= GROUP_MIN and (rest == 0 or rest >= GROUP_MIN)


def _picture(spec: MetricSpec, group: set[int], latest: Mapping[int, Mapping[str, Any]]) -> Picture | None:
    having = {
        athlete for athlete, numbers in latest.items() if spec.key in numbers and numbers[spec.key]["grade"] != "C"
    }
    if not large_enough(group & having, having):
        return None
    numbers = [latest[athlete][spec.key] for athlete in sorted(group & having)]
    low, median, high = np.quantile([number["value"] for number in numbers], [0.25, 0.5, 0.75])
    return Picture(
        spec, len(numbers), float(low), float(median), float(high), _share_ok([n["status"] for n in numbers])
    )


def _share_ok(statuses: Sequence[str]) -> int | None:
    judged = [status for status in statuses if status in {"ok", "watch", "flag"}]
    if len(judged) < GROUP_MIN:
        return None
    return round(100 * judged.count("ok") / len(judged) / SHARE_STEP) * SHARE_STEP
