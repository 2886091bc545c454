"""The clips, one spec each; `side`, `rear` and `front` give the cameras of the shared clips unless told otherwise.

view (side_r: the camera is on the runner's right); dist, height, aim: metres from the belt's middle, of the lens, of
what it is aimed at; oblique: deg towards the runner's front beside the runner, else as azimuth; roll and fov: deg;
size: px; cadence: steps a minute; start, dur: seconds of the motion; console: the treadmill's, which hides a runner
from the front; style and faults: tools.truth.motion.change; look: tools.truth.dress; dots: tools.truth.tape; motion:
another captured runner's file; limp: tools.truth.motion.resample; codec, crf, dim: coding and light; slow: plays so
many times slower than filmed.
"""

from typing import Any

Spec = dict[str, Any]
# The runner of the shared clips.
FIRST_MOTION = "s01_side_base"

LOOK = {
    "dark": {
        "skin": "dark",
        "hair": (0.02, 0.02, 0.02),
        "shirt": (0.80, 0.16, 0.13),
        "shorts": (0.07, 0.08, 0.16),
        "shoe": (0.15, 0.15, 0.17),
        "sock": (0.1, 0.1, 0.1),
    },
    "tank": {
        "skin": "pale",
        "hair": (0.55, 0.38, 0.18),
        "shirt": (0.85, 0.30, 0.55),
        "shorts": (0.06, 0.06, 0.09),
        "legs": "tights",
        "sleeve": 0.38,
        "shoe": (0.3, 0.8, 0.7),
        "sock": (0.9, 0.9, 0.9),
    },
    "grey": {
        "skin": "tan",
        "hair": (0.30, 0.28, 0.26),
        "shirt": (0.45, 0.46, 0.48),
        "shorts": (0.12, 0.14, 0.25),
        "loose": 0.025,
        "sleeve": 0.75,
        "short": 0.8,
        "shoe": (0.2, 0.2, 0.6),
        "sock": (0.8, 0.8, 0.8),
    },
    "kid": {
        "skin": "light",
        "hair": (0.35, 0.20, 0.09),
        "shirt": (0.95, 0.75, 0.10),
        "shorts": (0.15, 0.35, 0.20),
        "loose": 0.012,
        "short": 0.75,
        "shoe": (0.8, 0.2, 0.1),
        "sock": (0.9, 0.9, 0.9),
    },
    "white": {
        "skin": "tan",
        "hair": (0.04, 0.03, 0.03),
        "shirt": (0.88, 0.88, 0.88),
        "shorts": (0.35, 0.05, 0.08),
        "shoe": (0.1, 0.1, 0.1),
        "sock": (0.1, 0.1, 0.1),
    },
    "black": {
        "skin": "light",
        "hair": (0.10, 0.07, 0.05),
        "shirt": (0.05, 0.05, 0.06),
        "shorts": (0.03, 0.03, 0.03),
        "legs": "tights",
        "shoe": (0.9, 0.5, 0.1),
        "sock": (0.1, 0.1, 0.1),
    },
}
DOTS = [
    {"name": "L", "z": -0.06, "y": 0.09, "col": [0.35, 0.98, 0.15]},
    {"name": "R", "z": 0.06, "y": 0.09, "col": [0.35, 0.98, 0.15]},
]
# other runners: styles laid over the mocap runner
CALM: Spec = {
    "cadence": 182,
    "style": {"k_trunk": 0.65, "fall": 0.95, "k_arms": 0.8, "k_lean": 0.8, "k_obl": 0.7, "fwd_lean": -3, "k_sway": 0.8},
}
BOUNCY: Spec = {
    "cadence": 160,
    "style": {
        "k_trunk": 1.15,
        "fall": 1.05,
        "k_arms": 1.2,
        "fwd_lean": 2,
        "k_obl": 1.2,
        "drop_asym": 0.8,
        "k_sway": 1.2,
    },
}
STIFF: Spec = {
    "cadence": 168,
    "style": {"k_trunk": 0.5, "fall": 0.95, "k_arms": 0.6, "fwd_lean": -6, "head_fwd": 3, "k_tilt": 0.7},
}


def side(body: str, **options: Any) -> Spec:
    camera = {
        "view": "side_r",
        "dist": 3.5,
        "height": 1.1,
        "size": [1280, 720],
        "fps": 60,
        "fov": 66.0,
        "body": body,
        "seed": 2,
    }
    return camera | options


def rear(body: str, **options: Any) -> Spec:
    camera = {
        "view": "rear",
        "dist": 3.4,
        "height": 1.2,
        "size": [720, 1280],
        "fps": 60,
        "fov": 58.0,
        "body": body,
        "seed": 2,
    }
    return camera | options


def front(body: str, **options: Any) -> Spec:
    return rear(body, **({"view": "front", "console": False} | options))


SPECS: dict[str, Spec] = {
    "a01_avg_side": side("avg"),
    "a02_avg_rear": rear("avg"),
    "a03_avg_front": front("avg"),
    "b01_slimf_side": side("slim_f", look="tank", **CALM),
    "b02_slimf_rear_lean5R": rear("slim_f", look="tank", faults={"lat_lean": 5}, **CALM),
    "b03_slimf_front": front("slim_f", look="tank", **CALM),
    "c01_heavy_sidel": side("heavy", view="side_l", look="grey", **STIFF),
    "c02_heavy_rear": rear("heavy", look="grey", **STIFF),
    "d01_man_side_obl10": side("man", look="dark", oblique=10),
    "d02_man_front_tilt4": front("man", look="dark", faults={"shoulder_tilt": 4}),
    "e01_child_side30": side("child", look="kid", fps=30, height=0.9, dist=3.0, aim=0.75, **BOUNCY),
    "e02_child_rear_obl10": rear("child", look="kid", height=0.9, dist=3.0, aim=0.75, oblique=10, **BOUNCY),
    "f01_tall_side120": side("tall", look="white", fps=120, dist=4.2, height=1.3, faults={"head_fwd": 5}),
}
SECOND: dict[str, Spec] = {  # rear and front
    "g01_man_rear": rear("man", look="dark"),
    "g02_man_rear_trunk12": rear("man", look="dark", faults={"trunk_axial_rom": 12}),
    "g03_man_front": front("man", look="dark"),
    "g04_slimf_rear": rear("slim_f", look="tank", **CALM),
    "g05_slimf_front_lean5L": front("slim_f", look="tank", faults={"lat_lean": -5}, **CALM),
    "g06_heavy_front": front("heavy", look="grey", **STIFF),
    "g07_heavy_rear_tilt-5": rear("heavy", look="grey", faults={"shoulder_tilt": -5}, **STIFF),
    "g08_tall_rear_roll2": rear("tall", look="white", roll=2.0, dist=4.2, height=1.0),
    "g09_child_front": front("child", look="kid", height=1.0, dist=3.2, aim=0.75, **BOUNCY),
    "g10_man_front_obl8": front("man", look="dark", oblique=8),
    "g11_tall_rear_obl15": rear("tall", look="white", oblique=15, dist=4.0),
    "g12_tall_rear_obl-6": rear("tall", look="white", oblique=-6, dist=4.0),
    "t11_slimf_rear_tape": rear("slim_f", look="black", dots=DOTS, **CALM),
    "t12_slimf_rear_tape_drop5": rear("slim_f", look="black", dots=DOTS, faults={"pelvis_drop": 5}, **CALM),
    "t13_man_rear_tape30": rear("man", look="white", dots=DOTS, fps=30),
    "g13_avg_front_lean6L": front("avg", faults={"lat_lean": -6}),
    "g14_avg_front_tilt6": front("avg", faults={"shoulder_tilt": 6}),
    "g15_man_rear_low_near": rear("man", look="black", dist=2.6, height=0.7, fov=70),
    "g16_slimf_rear_land120": rear(
        "slim_f", look="tank", fps=120, size=[1280, 720], fov=66, dist=4.5, height=1.5, **CALM
    ),
    "g17_man_front30": front("man", look="grey", fps=30, faults={"head_tilt": 6}),
    "g18_avg_rear_tilt6": rear("avg", faults={"shoulder_tilt": 6}),
    "g19_man_front_arms": front("man", look="dark", style={"arms_in": 14}),
}
SECOND |= {  # side
    "h01_man_side": side("man", look="dark"),
    "h02_man_side_trunk10": side("man", look="dark", faults={"trunk_axial_rom": 10}),
    "h03_slimf_side_head6": side("slim_f", look="tank", faults={"head_fwd": 6}, **CALM),
    "h04_slimf_side_pitch-15": side("slim_f", look="tank", faults={"head_pitch": -15}, **CALM),
    "h05_heavy_sidel_fwd6": side("heavy", view="side_l", look="grey", faults={"fwd_lean": 6}, **STIFF),
    "h06_child_side": side("child", look="kid", height=0.9, dist=3.0, aim=0.75, **BOUNCY),
    "h07_tall_side": side("tall", look="white", dist=4.2, height=1.3),
    "h08_man_side_obl-15": side("man", look="dark", oblique=-15),
    "h09_avg_side_obl5": side("avg", oblique=5),
    "h10_avg_side_obl25": side("avg", oblique=25),
    "h11_man_side_face10": side("man", look="dark", faults={"thorax_yaw": 10}),
    "h12_man_sidel_obl10": side("man", view="side_l", look="black", oblique=10),
    "h13_tall_side_port_roll2": side("tall", look="white", size=[720, 1280], fov=64, dist=3.6, height=0.7, roll=-2.0),
    "h14_slimf_side_pitch12": side("slim_f", look="tank", faults={"head_pitch": 12}, **CALM),
    "h15_man_side_pitch-15": side("man", look="dark", faults={"head_pitch": -15}, dur=4.5),
    "h16_tall_side_pitch-15": side("tall", look="white", dist=4.2, height=1.3, faults={"head_pitch": -15}, dur=4.5),
    "h17_child_side_pitch-15": side(
        "child", look="kid", height=0.9, dist=3.0, aim=0.75, faults={"head_pitch": -15}, dur=4.5
    ),
    "h18_man_side_head8": side("man", look="dark", faults={"head_fwd": 8}, dur=4.5),
}
for spec in SECOND.values():
    spec.setdefault("dur", 6.2)
SPECS |= SECOND
SPECS |= {  # the camera's height, on one body
    "g20_avg_rear_low": rear("avg", height=0.7, dur=6.2),
    "g21_avg_rear_high": rear("avg", height=1.7, dur=6.2),
    "g22_avg_front_low": front("avg", height=0.7, dur=6.2),
    "g23_avg_front_high": front("avg", height=1.7, dur=6.2),
}
# Another captured runner: CMU Graphics Lab Motion Capture Database, subject 35, trial 26, a stride looped.  Less trunk
# twist, lean and sway than the first, more pelvic rotation, a head that stays level.
OTHER: Spec = {"motion": "cmu35_26", "dur": 6.2}
QUICK: Spec = OTHER | {
    "cadence": 180,
    "style": {"k_trunk": 1.2, "k_arms": 1.15, "arms_in": 8, "fwd_lean": 2, "k_sway": 1.4},
}
SLOW: Spec = OTHER | {"cadence": 162, "style": {"k_trunk": 0.85, "fall": 1.05, "fwd_lean": 4, "k_obl": 0.8}}
SPECS |= {
    "r01_man_side": side("man", look="dark", **OTHER),
    "r02_slimf_rear_trunk14": rear("slim_f", look="tank", faults={"trunk_axial_rom": 14}, **QUICK),
    "r03_tall_front": front("tall", look="white", dist=4.0, **OTHER),
    "r04_heavy_sidel_fwd10": side("heavy", view="side_l", look="grey", faults={"fwd_lean": 10}, **SLOW),
    "r05_slimf_side_obl25": side("slim_f", look="tank", oblique=25, **QUICK),
    "r06_avg_rear120": rear("avg", fps=120, **OTHER | {"dur": 4.5}),
    "r07_man_side_obl-25": side("man", look="white", oblique=-25, **OTHER),
    "r08_tall_side240": side("tall", look="white", fps=240, dist=4.0, codec="libx265", **OTHER | {"dur": 3.4}),
    "r09_man_rear_obl20": rear("man", look="dark", oblique=20, **OTHER),
    "r10_slimf_front_obl20": front("slim_f", look="tank", oblique=20, **QUICK),
    "r11_child_rear_cross8": rear(
        "child", look="kid", height=0.9, dist=3, aim=0.75, faults={"step_width": -8}, **QUICK
    ),
    "r12_slimf_side": side("slim_f", look="black", **SLOW),
    "r13_avg_side30_low": side("avg", fps=30, height=0.6, faults={"head_fwd": 5}, **OTHER),
    "r14_heavy_rear_high": rear("heavy", look="grey", height=1.6, faults={"lat_lean": -4}, **SLOW),
    "r15_slimf_side_near": side("slim_f", look="tank", size=[720, 1280], dist=2.5, **QUICK),
    "r16_tall_sidel_face10": side("tall", view="side_l", look="white", dist=4.0, faults={"thorax_yaw": 10}, **OTHER),
    "r17_man_front_sway6": front("man", look="dark", faults={"head_sway": 6}, **OTHER),
    "r18_child_side_limp": side("child", look="kid", height=0.9, dist=3.0, aim=0.75, limp=0.08, **QUICK),
    "r19_slimf_rear_tape": rear("slim_f", look="black", dots=DOTS, style={"arm_asym": 0.3}, **OTHER),
    "r20_man_side240_slow": side("man", look="dark", fps=240, slow=8, **OTHER | {"dur": 3.4}),
}
