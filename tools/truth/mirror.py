"""Mirror clips with their truth: a runner with left and right exchanged; a reading that differs shows the model's bias.

python -m tools.truth.mirror DIR NAME...     writes DIR/NAME_mir.mp4 and DIR/NAME_mir.json
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np

TURNED_SERIES = frozenset(
    {
        "thorax_yaw",
        "pelvis_yaw",
        "relative_yaw",
        "pelvic_obliquity",
        "shoulder_obliquity",
        "lateral_lean",
        "head_yaw",
        "head_tilt",
        "pelvis_lateral_cm",
        "shoulder_mid_lateral_cm",
    }
)
TURNED_FAULTS = frozenset({"lat_lean", "shoulder_tilt", "thorax_yaw", "head_tilt"})
OTHER = {"side_r": "side_l", "side_l": "side_r", "left": "right", "right": "left"}


def mirror_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """The truth of the mirrored clip; tape is left out."""
    width, events, eye = record["size"][0], record["events"], record["camera"]["eye"]
    flat, solid = (_swap(record[key]) for key in ("joints2d", "joints3d"))
    return {
        **{key: value for key, value in record.items() if key != "tape"},
        "id": record["id"] + "_mir",
        "view": OTHER.get(record["view"], record["view"]),
        "travel_in_image": OTHER.get(record["travel_in_image"], record["travel_in_image"]),
        "events": {"left": events["right"], "right": events["left"]},
        "faults": {key: -size if key in TURNED_FAULTS else size for key, size in record["faults"].items()},
        "camera": {**record["camera"], "eye": [eye[0], eye[1], -eye[2]]},
        "series": {
            key: [-value for value in values] if key in TURNED_SERIES else values
            for key, values in record["series"].items()
        },
        "joints2d": {key: [[width - x, y] for x, y in places] for key, places in flat.items()},
        "joints3d": {key: [[x, y, -z] for x, y, z in places] for key, places in solid.items()},
    }


def _swap(joints: Mapping[str, Any]) -> dict[str, Any]:
    """Joints under the name of the other side."""
    ends = {"_l": "_r", "_r": "_l"}
    return {name[:-2] + ends[name[-2:]] if name[-2:] in ends else name: places for name, places in joints.items()}


def mirror_film(source: Path, target: Path) -> None:
    with av.open(str(source)) as clip, av.open(str(target), "w") as out:
        shown = clip.streams.video[0]
        stream: Any = out.add_stream("libx264", rate=shown.average_rate, options={"crf": "22", "preset": "superfast"})
        stream.width, stream.height, stream.pix_fmt = shown.width, shown.height, "yuv420p"
        for frame in clip.decode(shown):
            turned = np.ascontiguousarray(frame.to_ndarray(format="rgb24")[:, ::-1])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(turned, format="rgb24")))
        out.mux(stream.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="+")
    options = parser.parse_args()
    for name in options.names:
        record = json.loads((options.folder / f"{name}.json").read_text())
        mirror_film(options.folder / f"{name}.mp4", options.folder / f"{name}_mir.mp4")
        (options.folder / f"{name}_mir.json").write_text(json.dumps(mirror_record(record)))


if __name__ == "__main__":
    main()
