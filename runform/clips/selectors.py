from django.db.models import QuerySet

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck
from runform.clubs.selectors import athletes_visible_to


def form_checks_visible_to(user: User) -> QuerySet[FormCheck]:
    rows = FormCheck.objects.filter(athlete__in=athletes_visible_to(user)).select_related("athlete")
    return rows.order_by("-recorded_on", "-pk")


def form_checks_editable_by(user: User) -> QuerySet[FormCheck]:
    return FormCheck.objects.filter(athlete=user, athlete__is_active=True).select_related("athlete")


def clips_visible_to(user: User) -> QuerySet[Clip]:
    rows = Clip.objects.filter(athlete__in=athletes_visible_to(user), deleted_at=None)
    return rows.select_related("form_check__athlete")


def clips_editable_by(user: User) -> QuerySet[Clip]:
    rows = Clip.objects.filter(athlete=user, athlete__is_active=True, deleted_at=None)
    return rows.select_related("form_check__athlete")
