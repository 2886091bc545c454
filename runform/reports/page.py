"""What the results page is told.  The page of a review (`coaching`) adds its own and extends the template."""

from typing import Any

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clips.selectors import clips_visible_to
from runform.reports.policies import may_view_report
from runform.reports.results import build_results, clip_report
from runform.reports.selectors import reports_of


def build_page(user: User, check: FormCheck) -> dict[str, Any]:
    """The context of reports/results.html for a FormCheck that this person may see.

    ``finding_tools`` and ``metric_tools``, names of templates, may be added: they are included in every finding
    (``finding``) and every line of a metric (``row``).
    """
    newest = list(reports_of(check))
    found = [report for report in newest if may_view_report(user, report)]
    reports = [clip_report(report) for report in found]
    measured = {report.clip_id for report in newest}
    pending = [clip for clip in clips_visible_to(user).filter(form_check=check) if clip.pk not in measured]
    return {
        "check": check,
        "reports": reports,
        "pending": pending,
        # Measured, and waiting for the coach.
        "held": len(newest) - len(found),
        "results": build_results(reports),
    }
