from runform.accounts.models import User
from runform.clubs.policies import may_view
from runform.reports.models import Report
from runform.reports.selectors import reports_visible_to


def may_view_report(user: User, report: Report) -> bool:
    """May see the clip, and the report is released or they are its athlete's coach."""
    return may_view(user, report.clip) and reports_visible_to(user).filter(pk=report.pk).exists()
