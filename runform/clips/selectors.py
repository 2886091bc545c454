from django.db.models import Q, QuerySet

from runform.accounts.models import User
from runform.clips.models import Clip, FormCheck, Upload
from runform.clubs.selectors import coached_ids, visible_ids, ward_ids


def form_checks_visible_to(user: User) -> QuerySet[FormCheck]:
    rows = FormCheck.objects.filter(athlete__in=visible_ids(user), deleted_at=None).select_related("athlete")
    return rows.order_by("-recorded_on", "-pk")


def form_checks_editable_by(user: User) -> QuerySet[FormCheck]:
    """One's own, one's wards', and those that one made for an athlete whom one coaches."""
    own = Q(athlete=user) | Q(athlete__in=ward_ids(user))
    made = Q(created_by=user, athlete__in=coached_ids(user))
    rows = FormCheck.objects.filter(own | made, athlete__is_active=True, deleted_at=None)
    return rows.select_related("athlete")


def clips_visible_to(user: User) -> QuerySet[Clip]:
    rows = Clip.objects.filter(athlete__in=visible_ids(user), deleted_at=None)
    return rows.select_related("form_check__athlete")


def clips_editable_by(user: User) -> QuerySet[Clip]:
    """Those of the FormChecks that one may change."""
    checks = form_checks_editable_by(user).values("pk")
    rows = Clip.objects.filter(form_check__in=checks, deleted_at=None)
    return rows.select_related("form_check__athlete")


def uploads_editable_by(user: User) -> QuerySet[Upload]:
    """Clips on their way, and for a while those that have arrived."""
    return Upload.objects.filter(form_check__in=form_checks_editable_by(user)).select_related("form_check__athlete")


def uploads_unfinished(form_check: FormCheck) -> QuerySet[Upload]:
    return Upload.objects.filter(form_check=form_check, clip=None).order_by("created_at")
