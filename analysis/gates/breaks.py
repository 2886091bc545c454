"""Checks of what parts a clip: cuts, another person, the runner gone, another tempo.  The longest part is measured."""

import numpy as np

from analysis.gates.gate import Gate, Verdict
from analysis.shifts import TEMPO_MIN
from analysis.stretch import Break, BreakKind, Stretch


def check_breaks(stretch: Stretch) -> list[Gate]:
    """One check for every kind of break, at its first moment."""
    return [_check_cuts(stretch), _check_same_person(stretch), _check_leaves(stretch), _check_tempo(stretch)]


def _check_cuts(stretch: Stretch) -> Gate:
    """Nothing was cut out and nothing joined."""
    joins = [b for b in stretch.breaks if b.kind is BreakKind.TEMPO and not _changes_tempo(b)]
    cuts = sorted([b for b in stretch.breaks if b.kind is BreakKind.CUT] + joins, key=lambda b: b.start_s)
    if not cuts:
        return Gate("cuts", Verdict.OK, "The clip runs through without a cut.")
    return Gate(
        "cuts",
        Verdict.WARN,
        "The clip was cut or joined. Only its longest part was measured. "
        "Send the clip as it was filmed, 20 to 30 seconds in one piece.",
        _middle(cuts[0]),
    )


def _check_same_person(stretch: Stretch) -> Gate:
    """The landmarks stay with one person."""
    jumps = [b for b in stretch.breaks if b.kind is BreakKind.PERSON]
    if not jumps:
        return Gate("same_person", Verdict.OK, "The same person is followed throughout.")
    return Gate(
        "same_person",
        Verdict.WARN,
        "Here the tracking jumped to somebody else. Only the longest part with one person was measured. "
        "Look whether it is the right one; if not, film with only the runner in view.",
        jumps[0].start_s,
    )


def _check_leaves(stretch: Stretch) -> Gate:
    """The runner stays in the picture."""
    gone = [b for b in stretch.breaks if b.kind is BreakKind.GONE]
    if not gone:
        return Gate("leaves", Verdict.OK, "The runner stays in the picture.")
    return Gate(
        "leaves",
        Verdict.WARN,
        "Here the runner is not in the picture. Only the longest part with the runner was measured. "
        "Keep the whole runner in view for 20 to 30 seconds.",
        gone[0].start_s,
    )


def _check_tempo(stretch: Stretch) -> Gate:
    """One tempo: the belt neither starts nor stops, and no part is in slow motion."""
    changes = [b for b in stretch.breaks if b.kind is BreakKind.TEMPO and _changes_tempo(b)]
    if not changes:
        return Gate("tempo", Verdict.OK, "One tempo throughout.")
    return Gate(
        "tempo",
        Verdict.WARN,
        "Here the tempo changes: the belt changed its speed, or a part of the clip is in slow motion. "
        "Only the longest even part was measured. Film at one speed, without the slow-motion effect.",
        _middle(changes[0]),
    )


def _middle(parting: Break) -> float:
    """Between the last even stride before and the first one after."""
    return (parting.start_s + parting.end_s) / 2


def _changes_tempo(parting: Break) -> bool:
    return bool(abs(np.log(parting.tempo)) > TEMPO_MIN)
