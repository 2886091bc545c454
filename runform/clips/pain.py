"""What the answers to "Does anything hurt?" mean for the page: docs/biomechanics.md section 7.  It never diagnoses."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.metrics.spec import Group
from runform.clips.models import FormCheck, Pain

# Stronger than this, and a professional should look first.
LEVEL_MAX = 5


class Area(models.TextChoices):
    NECK = "neck", _("neck or head")
    SHOULDER = "shoulder", _("shoulder or arm")
    CHEST = "chest", _("chest")
    BACK = "back", _("back")
    HIP = "hip", _("hip, groin or buttock")
    THIGH = "thigh", _("thigh")
    KNEE = "knee", _("knee")
    LOWER_LEG = "lower_leg", _("shin, calf or Achilles tendon")
    FOOT = "foot", _("ankle or foot")
    OTHER = "other", _("somewhere else")


class Sign(models.TextChoices):
    """Red flags: each alone is a reason to see somebody first."""

    BONE = "bone", _("It hurts in one spot, on the bone")
    WORSE = "worse", _("It gets worse while I run")
    REST = "rest", _("It hurts at rest, at night, or when I hop on one leg")
    GROIN = "groin", _("It hurts deep in the groin, or low at the back over the bone")
    LIMP = "limp", _("It makes me limp")
    LONG = "long", _("It has lasted longer than two days")
    JOINT = "joint", _("A joint is swollen, gives way or locks")
    LEG = "leg", _("My back hurts, and a leg feels numb or weak")
    SADDLE = "saddle", _("It feels numb between the legs, or bladder or bowels have changed")
    NECK = "neck", _("My neck hurts, and an arm is numb, I am dizzy or see double, or I fell")
    HEART = "heart", _("Chest pain, fainting, a racing heart, or far too short of breath")
    ENERGY = "energy", _("Missed periods, or eating too little for my training")
    CURVE = "curve", _("I am still growing, and my back looks crooked")
    PELVIC = "pelvic", _("I am pregnant or gave birth lately, and feel heaviness or pressure below")


# Now, not next week.
EMERGENCIES = frozenset({Sign.SADDLE, Sign.HEART})
# Not about one place of the body: no drills at all.
WHOLE_BODY = frozenset({Sign.HEART, Sign.ENERGY, Sign.PELVIC, Sign.CURVE, Sign.SADDLE})
LOADED_BY = {
    Area.NECK: frozenset({Group.HEAD, Group.TORSO}),
    Area.SHOULDER: frozenset({Group.HEAD, Group.TORSO}),
    Area.BACK: frozenset({Group.TORSO, Group.RUNNING}),
    Area.HIP: frozenset({Group.TORSO, Group.RUNNING}),
    # Side planks, step-downs and carries stand on the legs too.
    Area.THIGH: frozenset({Group.TORSO, Group.RUNNING}),
    Area.KNEE: frozenset({Group.TORSO, Group.RUNNING}),
    Area.LOWER_LEG: frozenset({Group.TORSO, Group.RUNNING}),
    Area.FOOT: frozenset({Group.TORSO, Group.RUNNING}),
}


@dataclass(frozen=True)
class PainAdvice:
    """What a page does with an answer.

    ``see_first``: a red flag, so the page says to see a professional before training on.  ``emergency``: at once.
    ``no_drills``: the groups of metrics for which no drills are given.  ``reasons``: what was ticked, in words.
    """

    hurts: bool
    level: int | None
    areas: tuple[Area, ...]
    reasons: tuple[Promise | str, ...]
    see_first: bool
    emergency: bool
    no_drills: frozenset[Group]

    def allows_drills(self, group: Group) -> bool:
        return group not in self.no_drills


def pain_advice(check: FormCheck) -> PainAdvice:
    hurts = check.pain == Pain.YES
    areas = tuple(Area(key) for key in check.pain_areas if hurts and key in Area.values)
    signs = tuple(Sign(key) for key in check.pain_signs if hurts and key in Sign.values)
    strong = hurts and (check.pain_level or 0) > LEVEL_MAX
    reasons: tuple[Promise | str, ...] = tuple(sign.label for sign in signs)
    if strong:
        reasons += (_("The pain is strong"),)
    if Area.CHEST in areas:
        reasons += (_("The pain is in the chest"),)
    see_first = bool(reasons)
    return PainAdvice(
        hurts=hurts,
        level=check.pain_level if hurts else None,
        areas=areas,
        reasons=reasons,
        see_first=see_first,
        emergency=any(sign in EMERGENCIES for sign in signs) or Area.CHEST in areas,
        no_drills=_no_drills(areas, signs) if see_first else frozenset(),
    )


def _no_drills(areas: tuple[Area, ...], signs: tuple[Sign, ...]) -> frozenset[Group]:
    """Of the places that hurt; of everything where the place was not said, or it is not about one place."""
    placed = [LOADED_BY[area] for area in areas if area in LOADED_BY]
    if len(placed) < len(areas) or not placed or WHOLE_BODY.intersection(signs):
        return frozenset(Group)
    # A composite score is made of everything.
    return frozenset({Group.WHOLE}).union(*placed)
