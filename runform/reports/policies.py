from runform.accounts.models import User
from runform.clubs.policies import may_view
from runform.reports.models import Report


def may_view_report(user: User, report: Report) -> bool:
    return may_view(user, report.clip)
