"""What a newer version of the analysis has not seen, and how far a renewal is."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from analysis import ANALYSIS_VERSION
from runform.accounts.models import User
from runform.clubs.models import Club, Purpose, Role
from runform.clubs.selectors import clubs_managed_by, consents_to
from runform.processing.models import Renewal, Renewed
from runform.reports.models import Report
from runform.reports.selectors import reports_newest


def reports_outdated(club: Club | None) -> QuerySet[Report]:
    """The newest reports of clips, where another version made them, of athletes who agree to the analysis today."""
    agreed = User.objects.filter(consents_to(Purpose.ANALYSIS), is_active=True, binned_at=None)
    if club:
        agreed = agreed.filter(pk__in=club.memberships.filter(role=Role.ATHLETE, ended_at=None).values("user"))
    rows = reports_newest().exclude(analysis_version=ANALYSIS_VERSION).filter(clip__athlete__in=agreed)
    return rows.defer("waveforms", "quality", "gait", "findings")


def renewals_managed_by(user: User) -> QuerySet[Renewal]:
    return Renewal.objects.filter(club__in=clubs_managed_by(user)).select_related("club")


@dataclass(frozen=True)
class Standing:
    """How far a renewal is, counted in clips."""

    total: int
    done: int
    failed: int
    left_out: int
    under_way: int

    @property
    def to_come(self) -> int:
        return self.total - self.done - self.failed - self.left_out

    @property
    def percent(self) -> int:
        return 100 * (self.total - self.to_come) // self.total if self.total else 100


def standing_of(renewal: Renewal) -> Standing:
    rows = renewal.clips.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    counts = dict(rows)
    return Standing(
        total=sum(counts.values()),
        done=counts.get(Renewed.DONE, 0),
        failed=counts.get(Renewed.FAILED, 0),
        left_out=counts.get(Renewed.LEFT_OUT, 0),
        under_way=counts.get(Renewed.QUEUED, 0),
    )
