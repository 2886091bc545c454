"""Checks of the file: frame rate, doubled pictures, real time."""

from analysis.gates.gate import FEET, Gate, Verdict
from analysis.types import ClipFacts

FPS_MIN = 24.0
FPS_FEET = 50.0
# The landmarks bridge gaps up to 0.10 s.
GAP_S = 0.10
# A single doubled picture does no harm; a tenth of them is a clip that was converted.
DOUBLED_SHARE = 0.08


def check_frame_rate(facts: ClipFacts, doubled: float = 0.0) -> Gate:
    """Enough pictures a second: none below 24, no foot contact below 50.

    ``doubled`` is the share of the pictures that only repeat the one before: they do not count.
    """
    fps = facts.fps * facts.slow_motion_factor * (1 - doubled)
    if fps < FPS_MIN * 0.98:
        return Gate(
            "frame_rate",
            Verdict.FAIL,
            f"The clip has only {fps:.0f} pictures a second: too few to follow a runner. "
            "Film with 60, and send the original, not a copy from a messenger.",
            refuses=True,
        )
    if fps < FPS_FEET:
        return Gate(
            "frame_rate",
            Verdict.WARN,
            f"The clip has {fps:.0f} pictures a second. Torso and head are fine; contact times need 60 or more.",
        )
    return Gate("frame_rate", Verdict.OK, f"{fps:.0f} pictures a second.")


def check_doubled(facts: ClipFacts, doubled: float) -> Gate:
    """Every picture is a new one.  ``doubled``: share of the pictures that only repeat the one before."""
    if doubled < DOUBLED_SHARE:
        return Gate("doubled", Verdict.OK, "Every picture is a new one.")
    real = facts.fps * facts.slow_motion_factor * (1 - doubled)
    return Gate(
        "doubled",
        Verdict.WARN,
        f"{100 * doubled:.0f} % of the pictures only repeat the one before: the clip was converted, and really has "
        f"{real:.0f} pictures a second. The repeats were left out. Send the original from the phone.",
        doubts=FEET,
    )


def check_time(facts: ClipFacts, longest_gap_s: float) -> Gate:
    """The time stamps of the pictures: an uneven rate is a note, for the real stamps are used; gaps cost strides.

    ``longest_gap_s``: the longest time without a picture.
    """
    if longest_gap_s > max(GAP_S, 1.5 / facts.fps):
        return Gate(
            "time_stamps",
            Verdict.WARN,
            f"Pictures are missing, for up to {longest_gap_s:.1f} seconds. Strides with a gap were left out. "
            "Send the original from the phone, and film in good light.",
        )
    if facts.variable_frame_rate:
        text = "The frame rate varies, as phones do in low light. The real time of every picture was used."
        return Gate("time_stamps", Verdict.OK, text)
    return Gate("time_stamps", Verdict.OK, "The pictures follow each other evenly.")


def check_slow_motion(facts: ClipFacts, sure: bool) -> Gate:
    """Real time, or slow motion of a known factor, brought back to real time."""
    factor = facts.slow_motion_factor
    if factor == 1.0:
        return Gate("slow_motion", Verdict.OK, "The clip plays in real time.")
    told = "" if sure else " If that is wrong, send the clip without the slow-motion effect."
    return Gate(
        "slow_motion",
        Verdict.OK if sure else Verdict.WARN,
        f"The clip is slowed down {factor:g} times; everything was measured in real time.{told}",
    )
