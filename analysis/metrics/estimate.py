"""From a series to a number with its interval: stride average, the noise of the strides, and the method's own error.

The interval is the 95 % interval of what is true of the strides that were filmed.  That a runner does not run every
stride alike is no error of it: all strides are in the average, of the number as of the truth.  Errors are

- the noise with which the tracker sees a stride, less by the root of the number of strides.  The spread between the
  measured strides holds both, and the noise is a share of it (``NOISE_OF_MEAN``, ``NOISE_OF_ROM``);
- strides that were run but not clear enough to count: these are a sample, and the whole spread is their error;
- ``error_sd``: what is left when there are many strides, by which the method errs on other bodies and cameras: the
  root mean square over the rendered bodies, each counted once, without what the strides, the scale and the camera
  explain.  It is multiplied by ``RESERVE``.

Evidence: docs/adr/0018.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.cycle import stride_curves
from analysis.metrics.spec import Grade, Measured, NotMeasured
from analysis.types import Evidence, Floats, ViewName

STRIDES_MIN = 3
STRIDES_GOOD = 6
BOOTSTRAP = 400
Z95 = 1.96
# The tracker's noise in the spread between strides (standard errors): truth clips, stride by stride against the truth.
NOISE_OF_MEAN = 0.5
NOISE_OF_ROM = 0.9
# Seven rendered bodies and two captured runners stand for all real ones.  A body left out errs 1.1 times as much as the
# others tell (median of 35 metrics and views, 0.6 to 2.2), as it must by Student's t of some ten; the rest is for real
# film, cloth and light.
RESERVE = 1.25


@dataclass(frozen=True)
class Method:
    """How a raw number becomes the best estimate: ``(raw - offset) / gain``, with the error that is left on the bodies
    it was measured on (1 SD, in the metric's unit).
    """

    error_sd: float
    offset: float = 0.0
    gain: float = 1.0


# One for every view, or those of the views that show it.
Methods = Method | Mapping[ViewName, Method]


def mean_of(
    evidence: Evidence, waveform: str, methods: Methods, strides_good: int = STRIDES_GOOD
) -> Measured | NotMeasured:
    """The mean of the stride-averaged curve."""
    return of_curves(evidence, waveform, methods, lambda curves: float(curves.mean()), strides_good, NOISE_OF_MEAN)


def rom_of(
    evidence: Evidence, waveform: str, methods: Methods, strides_good: int = STRIDES_GOOD
) -> Measured | NotMeasured:
    """Peak-to-peak of the stride-averaged curve (not the average of each stride's, which noise would inflate)."""
    return not_negative(of_curves(evidence, waveform, methods, compute_rom, strides_good))


def of_curves(
    evidence: Evidence,
    waveform: str,
    methods: Methods,
    statistic: Callable[[Floats], float],
    strides_good: int = STRIDES_GOOD,
    noise: float = NOISE_OF_ROM,
) -> Measured | NotMeasured:
    """Any statistic of the stride curves [k, 101]; ``noise`` the share of the tracker in the spread between strides."""
    series = evidence.waveforms.get(waveform)
    method = methods if isinstance(methods, Method) else methods.get(evidence.view.name)
    if series is None or method is None:
        return NotMeasured("This clip does not show it.")
    curves = stride_curves(series, evidence.t_s, evidence.strides.cuts_s)
    if len(curves) < STRIDES_MIN:
        return NotMeasured(strides_reason(len(curves)))
    value = (statistic(curves) - method.offset) / method.gain
    missed = 1.0 - len(curves) / max(evidence.strides.found, len(curves))
    counted = float(np.sqrt(noise**2 + (1.0 - noise**2) * missed))
    spread = counted * _bootstrap_sd(curves, statistic) / abs(method.gain)
    low, high = interval(value, float(np.hypot(spread, RESERVE * method.error_sd)))
    grade = None if len(curves) >= strides_good else Grade.C
    note = None if grade is None else f"From {len(curves)} strides only; film longer for a firmer number."
    return Measured(value, low, high, len(curves), grade=grade, note=note)


def not_negative(found: Measured | NotMeasured) -> Measured | NotMeasured:
    """A size: neither it nor its interval reaches below 0."""
    if isinstance(found, NotMeasured):
        return found
    return replace(found, value=max(found.value, 0.0), low=max(found.low, 0.0), high=max(found.high, 0.0))


def widened(found: Measured, error_sd: float) -> Measured:
    """The interval with one more error (1 SD) in it."""
    low, high = (float(np.hypot(end, Z95 * error_sd)) for end in (found.value - found.low, found.high - found.value))
    return replace(found, low=found.value - low, high=found.value + high)


def centimetres(found: Measured | NotMeasured, evidence: Evidence) -> Measured | NotMeasured:
    """A number in centimetres with the error of the scale added; why there is none when the scale is not known."""
    if evidence.scale.px_per_m is None:
        return NotMeasured("The size of the runner is not known. Enter the height in the profile and analyse again.")
    if isinstance(found, NotMeasured):
        return found
    own = (found.high - found.low) / 2 / Z95
    low, high = interval(found.value, float(np.hypot(own, found.value * evidence.scale.relative_sd)))
    guessed = None if evidence.scale.source == "height" else "Size guessed; enter the height for a firmer number."
    note = " ".join(text for text in (found.note, guessed) if text)
    return replace(found, low=max(low, 0.0), high=high, note=note or None)


def compute_rom(curves: Floats) -> float:
    """Peak-to-peak of the mean of curves [k, 101]."""
    return float(np.ptp(curves.mean(axis=0)))


def compute_rom_without_drift(curves: Floats) -> float:
    """Peak-to-peak of the mean of curves [k, 101], its drift from end to end taken out: runners wander on the belt."""
    mean = curves.mean(axis=0)
    return float(np.ptp(mean - np.linspace(0.0, mean[-1] - mean[0], len(mean))))


def interval(value: float, error: float) -> tuple[float, float]:
    """95 % interval of a value with a standard error."""
    return value - Z95 * error, value + Z95 * error


def strides_reason(count: int) -> str:
    """Why a number is missing when too few strides are left."""
    return f"Only {count} whole strides were clear enough. Film 20 to 30 seconds of steady running."


def _bootstrap_sd(curves: Floats, statistic: Callable[[Floats], float]) -> float:
    """SD of the statistic over resampled strides, for use with 1.96: widened where it is read from few of them.

    The seed is fixed so that the same clip gives the same interval.
    """
    chance, count = np.random.default_rng(0), len(curves)
    picks = chance.integers(0, count, size=(BOOTSTRAP, count))
    # Resampling k strides shows the spread of k - 1.
    spread = float(np.std([statistic(curves[pick]) for pick in picks])) * np.sqrt(count / (count - 1))
    return float(spread * student(count - 1) / Z95)


def student(freedom: int) -> float:
    """Student's t at 97.5 %, within 0.5 % from 3 degrees of freedom on (2: 4.46 for 4.30)."""
    return Z95 + 2.37 / (freedom - 1.05)
