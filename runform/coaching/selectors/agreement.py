"""How often coaches agree with the app, and with each other, from their verdicts."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, QuerySet

from runform.coaching.agreement import Kappa, Share, compute_kappa
from runform.coaching.models import Answer, Verdict

# "The app missed this" says that its status was wrong.
OTHERWISE = (Answer.DISAGREE, Answer.MISSED)


@dataclass(frozen=True)
class Agreement:
    """Of one metric in one view.  ``share`` is None while there are too few verdicts to say anything."""

    view: str
    n: int
    agreed: int
    otherwise: int
    cant_tell: int
    coaches: int
    share: Share | None


def agreement_of(key: str) -> list[Agreement]:
    """By view; "can't tell" is neither.

    A coach counts once a clip, with what was said of its first version: later ones hold what people put right.
    """
    by_view: dict[str, list[tuple[str, int]]] = defaultdict(list)
    rows = _verdicts(key).order_by("-metric__report__created_at", "-pk")
    said = rows.values_list("metric__report__clip", "coach", "metric__view", "answer")
    for (_clip, coach), (view, answer) in {(clip, coach): rest for clip, coach, *rest in said}.items():
        by_view[view].append((answer, coach))
    return [_agreement(view, found) for view, found in sorted(by_view.items())]


def kappa_of(key: str) -> Kappa | None:
    """Of the first and the blind second reader of the same number; None below the least number of pairs."""
    pairs = reader_pairs(_verdicts(key))
    return compute_kappa(pairs) if len(pairs) >= settings.LIMITS.agreement_min else None


def reader_pairs(verdicts: QuerySet[Verdict]) -> list[tuple[str, str]]:
    """(first, second) for every finished second reading."""
    second = verdicts.filter(
        review__second_readings__coach=F("coach"), review__second_readings__done_at__isnull=False
    ).values_list("metric", "coach", "answer")
    first: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for metric, coach, answer in verdicts.filter(review__readers=F("coach")).values_list("metric", "coach", "answer"):
        first[metric].append((coach, answer))
    return [
        (answer, other) for metric, coach, other in second for reader, answer in first[metric][:1] if reader != coach
    ]


def _verdicts(key: str) -> QuerySet[Verdict]:
    """On numbers that the app found; what a person marked is that person's."""
    found = Verdict.objects.filter(metric__key=key, metric__report__clip__deleted_at=None)
    return found.exclude(metric__source="marked").order_by("pk")


def _agreement(view: str, found: Iterable[tuple[str, int]]) -> Agreement:
    found = list(found)
    answers = Counter(answer for answer, _coach in found)
    agreed, otherwise = answers[Answer.AGREE], sum(answers[one] for one in OTHERWISE)
    enough = agreed + otherwise >= settings.LIMITS.agreement_min
    return Agreement(
        view=view,
        n=len(found),
        agreed=agreed,
        otherwise=otherwise,
        cant_tell=answers[Answer.CANT_TELL],
        coaches=len({coach for _answer, coach in found}),
        share=Share(agreed, agreed + otherwise) if enough else None,
    )
