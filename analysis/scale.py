"""How large the runner is in the picture: pixels per metre."""

from analysis import geometry as geo
from analysis.types import Landmarks, Profile, Scale, View


def find_scale(landmarks: Landmarks, view: View, profile: Profile, stride_hz: float) -> Scale:
    """Pixels per metre from the trunk."""
    trunk = geo.median(geo.length(geo.shoulder_mid(landmarks.xy_px) - geo.hip_mid(landmarks.xy_px)))
    return Scale(trunk / 0.53, 0.1, "trunk")
