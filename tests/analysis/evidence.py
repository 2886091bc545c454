"""Evidence from landmarks, the way the pipeline makes it."""

from analysis.cleaning import clean, fps_of
from analysis.events import find_events
from analysis.gates import compute_visible
from analysis.strides import find_strides
from analysis.types import ClipFacts, Evidence, Landmarks, Profile, Scale
from analysis.untangle import untangle_legs
from analysis.view import find_view
from analysis.waveforms import compute_waveforms


def evidence_of(found: Landmarks, px_per_m: float | None = 300.0, speed_mps: float | None = None) -> Evidence:
    """Everything that a metric may look at; ``px_per_m`` None = the runner's size is not known."""
    first = find_strides(clean(found))
    assert first is not None
    raw, _ = untangle_legs(found, first)
    cleaned = clean(raw)
    view, strides = find_view(cleaned), find_strides(cleaned)
    assert strides is not None
    scale = Scale(px_per_m, 0.02 if px_per_m else 0.1, "height" if px_per_m else "none")
    facts = ClipFacts(
        fps_of(found), len(found), found.width_px, found.height_px, float(found.t_s[-1]), 0, "h264", False
    )
    return Evidence(
        facts=facts,
        profile=Profile(speed_mps=speed_mps),
        view=view,
        strides=find_events(raw, view, strides),
        scale=scale,
        t_s=cleaned.t_s,
        waveforms=compute_waveforms(cleaned, view, scale),
        visible=compute_visible(raw),
    )
