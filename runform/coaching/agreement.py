"""How often people agree: a share with its interval, and Cohen's kappa of two."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959964


@dataclass(frozen=True)
class Share:
    """``yes`` of ``n`` with the 95 % interval of Wilson (1927), which holds for small n and near 0 and 1."""

    yes: int
    n: int

    @property
    def value(self) -> float:
        return self.yes / self.n

    @property
    def interval(self) -> tuple[float, float]:
        n, p, z2 = self.n, self.value, Z_95**2
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance of two readers: 1 = always, 0 = as often as chance would."""

    value: float
    low: float
    high: float
    n: int


def compute_kappa(pairs: Sequence[tuple[str, str]]) -> Kappa | None:
    """Cohen's kappa (1960) with the large-sample 95 % interval of Fleiss, Cohen and Everitt (1969).

    None where it is not defined: no pairs, or both readers always said the same one thing.
    """
    n = len(pairs)
    if not n:
        return None
    first, second, cells = Counter(a for a, _ in pairs), Counter(b for _, b in pairs), Counter(pairs)
    categories = sorted(set(first) | set(second))
    p1 = {c: first[c] / n for c in categories}
    p2 = {c: second[c] / n for c in categories}
    observed = sum(cells[c, c] for c in categories) / n
    chance = sum(p1[c] * p2[c] for c in categories)
    if math.isclose(chance, 1.0):
        return None
    kappa = (observed - chance) / (1 - chance)
    agreed = sum(cells[c, c] / n * (1 - (p1[c] + p2[c]) * (1 - kappa)) ** 2 for c in categories)
    # A cell (a, b) off the diagonal counts with the second reader's share of a and the first one's of b.
    apart = sum(cells[a, b] / n * (p2[a] + p1[b]) ** 2 for a in categories for b in categories if a != b)
    variance = agreed + (1 - kappa) ** 2 * apart - (kappa - chance * (1 - kappa)) ** 2
    half = Z_95 * math.sqrt(max(variance, 0.0) / n) / (1 - chance)
    return Kappa(kappa, max(-1.0, kappa - half), min(1.0, kappa + half), n)
