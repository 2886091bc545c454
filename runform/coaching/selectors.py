from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.selectors import athletes_coached_by
from runform.reports.selectors import metrics_newest


def form_checks_coached_by(user: User) -> QuerySet[FormCheck]:
    """FormChecks of the athletes whom this coach is assigned, newest first, with ``n_flags`` of the newest reports."""
    flags = metrics_newest().filter(status="flag", report__clip__form_check=OuterRef("pk"))
    n_flags = flags.order_by().values("report__clip__form_check").annotate(n=Count("key", distinct=True)).values("n")
    rows = FormCheck.objects.filter(athlete__in=athletes_coached_by(user)).select_related("athlete")
    return rows.annotate(n_flags=Coalesce(Subquery(n_flags), 0)).order_by("-created_at", "-pk")
