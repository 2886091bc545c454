"""What the results page is told.  The page of a review (`coaching`) adds its own and extends the template."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clips.pain import PainAdvice, pain_advice
from runform.clips.selectors import clips_visible_to
from runform.reports.levels import level_of
from runform.reports.models import Level
from runform.reports.plans.items import plan_items
from runform.reports.plans.selectors import plan_open
from runform.reports.results import Finding, Results, build_results, clip_report
from runform.reports.selectors import reports_of, reports_visible_to


def build_page(user: User, check: FormCheck) -> dict[str, Any]:
    """The context of reports/results.html for a FormCheck that this person may see.

    ``finding_tools`` and ``metric_tools``, names of templates, may be added: they are included in every finding
    (``finding``) and every line of a metric (``row``).
    """
    newest = list(reports_of(check))
    visible = set(reports_visible_to(user).filter(pk__in=[report.pk for report in newest]).values_list("pk", flat=True))
    found = [report for report in newest if report.pk in visible]
    reports = [clip_report(report) for report in found]
    measured = {report.clip_id for report in newest}
    pending = [clip for clip in clips_visible_to(user).filter(form_check=check) if clip.pk not in measured]
    pain = pain_advice(check)
    results = hold_back(build_results(reports), pain)
    return {
        "check": check,
        "reports": reports,
        "pending": pending,
        # Measured, and waiting for the coach.
        "held": len(newest) - len(found),
        "results": results,
        "pain": pain,
        "level": level_of(user),
        "levels": Level.choices,
        "plan": plan_open(check.athlete),
        "plan_items": plan_items(results),
    }


def hold_back(results: Results, pain: PainAdvice) -> Results:
    """With a red flag: no cue and no drills for what loads the place that hurts."""

    def held(finding: Finding) -> Finding:
        if pain.allows_drills(finding.row.group):
            return finding
        return replace(finding, tip=held_tip(finding.tip), tip_above=False, held_back=True)

    return replace(results, to_work_on=tuple(held(finding) for finding in results.to_work_on))


def held_tip(tip: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return tip and {**tip, "cue": "", "drills": []}
