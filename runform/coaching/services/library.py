"""A coach's own library of tips and drills."""

from collections.abc import Sequence

from django.utils import timezone

from runform.accounts.models import User
from runform.coaching.models import Drill, TipTemplate


def template_save(
    *,
    coach: User,
    title: str,
    cue: str,
    why: str = "",
    key: str = "",
    drills: Sequence[str] = (),
    template: TipTemplate | None = None,
) -> TipTemplate:
    fields = {"title": title, "cue": cue, "why": why, "key": key, "drills": list(drills)}
    if template is None:
        return TipTemplate.objects.create(coach=coach, **fields)
    for name, value in fields.items():
        setattr(template, name, value)
    template.save(update_fields=list(fields))
    return template


def template_delete(*, template: TipTemplate) -> None:
    TipTemplate.objects.filter(pk=template.pk, deleted_at=None).update(deleted_at=timezone.now())


def drill_save(*, coach: User, name: str, dose: str = "", how: str = "") -> Drill:
    return Drill.objects.create(coach=coach, name=name, dose=dose, how=how)


def drill_delete(*, drill: Drill) -> None:
    Drill.objects.filter(pk=drill.pk, deleted_at=None).update(deleted_at=timezone.now())
