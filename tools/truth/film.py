"""One clip: a body posed by a motion, filmed, with its truth."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tools.truth.body import BODIES, Body, load_body
from tools.truth.camera import Camera, place_camera
from tools.truth.dress import dress
from tools.truth.mesh import Layer
from tools.truth.motion import Events, Series, change, load_motion, resample
from tools.truth.puppet import Puppet
from tools.truth.record import Truth, build_record
from tools.truth.rotation import Floats
from tools.truth.scene import Picture, Stage
from tools.truth.specs import FIRST_MOTION, LOOK
from tools.truth.tape import paint_dots, track_dots

Spec = Mapping[str, Any]
Look = Mapping[str, Any]
# The camera's noise: this many pictures of it, in turn.
NOISE_SD, NOISE_PICTURES, NOISE_SEED = 2.0, 5, 5


def make_clip(name: str, spec: Spec, motion: Path, out: Path, stills: Sequence[int] = ()) -> dict[str, Any]:
    """Write NAME.json and NAME.mp4 into ``out``, or NAME_PICTURE.png of some pictures only; gives what is true."""
    body = load_body(spec["body"])
    puppet = Puppet(body)
    look = LOOK.get(spec.get("look"), {})
    layer, shoes = dress(body, puppet.rest, BODIES[spec["body"]].hair, look)
    puppet.put_on(shoes)
    series, events = prepare_motion(spec, motion, puppet.leg_m)
    matrices, joints = puppet.pose(series, events)
    camera = place_camera(spec)
    dots = track_dots(spec.get("dots", ()), layer, puppet, matrices)
    truth = Truth(joints, events, find_soles(puppet, matrices), dots, puppet.pitch_rest_deg)
    record = build_record(name, spec, truth, camera)
    stage = _set_stage(spec, camera, body, layer, look)
    numbers = stills or range(len(matrices))
    pictures = _film(spec, stage, matrices, dots, numbers)
    if stills:
        for number, picture in zip(numbers, pictures, strict=True):
            Image.fromarray(picture).save(out / f"{name}_{number}.png")
    else:
        _encode(pictures, out / f"{name}.mp4", spec)
    stage.close()
    (out / f"{name}.json").write_text(json.dumps(record))
    return record


def prepare_motion(spec: Spec, folder: Path, leg_m: float) -> tuple[Series, Events]:
    """The captured runner with the spec's cadence, style and faults; what both name is added up."""
    source = load_motion(folder / f"{spec.get('motion', FIRST_MOTION)}.json")
    cadence, fps = spec.get("cadence"), spec["fps"]
    length, start, limp = spec.get("dur", 8.7), spec.get("start", 0.0), spec.get("limp", 0.0)
    series, events = resample(source, fps=fps, cadence_spm=cadence, seconds=length, start_s=start, limp=limp)
    changes = dict(spec.get("style", {}))
    # In flight everybody falls as fast: the bounce belongs to leg length and cadence; `fall` is what is left.
    pace = (cadence or source.cadence_spm) / source.cadence_spm
    changes["k_vertical"] = changes.pop("fall", 1.0) * source.leg_m / leg_m / pace**2
    for fault, size in spec.get("faults", {}).items():
        changes[fault] = changes.get(fault, 0) + size
    count = len(series["forward_lean"])
    near = {word: at[(at > -0.5 * fps) & (at < count)] for word, at in events.items()}
    return change(series, near, changes), near


def find_soles(puppet: Puppet, matrices: Floats) -> dict[str, Floats]:
    """(n,) height of the lowest point of each sole."""
    out = {}
    for side, points in puppet.soles.items():
        foot = matrices[:, puppet.index["foot." + side.upper()]]
        heights = np.einsum("nij,vj->nvi", foot[:, :, :3], points) + foot[:, None, :, 3]
        out[side] = heights[:, :, 1].min(1)
    return out


def _set_stage(spec: Spec, camera: Camera, body: Body, layer: Layer, look: Look) -> Stage:
    stage = Stage(camera, seed=spec.get("seed", 2), console=spec.get("console", True), dim=spec.get("dim", 1.0))
    left, right = (body.vertices[body.weight_of("eye." + side) > 0.5].mean(0) for side in "LR")
    stage.enter(layer, look, (left, right))
    return stage


def _film(
    spec: Spec, stage: Stage, matrices: Floats, dots: Mapping[str, Floats], numbers: Iterable[int]
) -> Iterable[Picture]:
    noise = _draw_noise(stage.camera.size)
    for number in numbers:
        picture = stage.draw(matrices[number])
        if dots:
            places = {name: at[number] for name, at in dots.items()}
            picture = paint_dots(picture, spec["dots"], places, stage.camera, spec["dist"])
        grain = noise[number % NOISE_PICTURES]
        yield np.asarray(cv2.add(np.ascontiguousarray(picture), grain, dtype=cv2.CV_8U), np.uint8)


def _draw_noise(size: tuple[int, int]) -> list[NDArray[np.int16]]:
    rng, (width, height) = np.random.default_rng(NOISE_SEED), size
    drawn = (rng.normal(0, NOISE_SD, (height, width, 1)).astype(np.int16) for _ in range(NOISE_PICTURES))
    return [np.repeat(grey, 3, 2) for grey in drawn]


def _encode(pictures: Iterable[Picture], path: Path, spec: Spec) -> None:
    """Slow motion plays ``slow`` times slower than it was filmed, and says so as phones do."""
    codec, slow = spec.get("codec", "libx264"), spec.get("slow", 1)
    options = {"crf": str(spec.get("crf", 24)), "preset": "superfast"}
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as container:
        if slow > 1:
            container.metadata["com.android.capture.fps"] = f"{spec['fps']:.6f}"
        stream: Any = container.add_stream(codec, rate=spec["fps"] // slow, options=options)
        stream.width, stream.height = spec["size"]
        stream.pix_fmt = "yuv420p"
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")))
        container.mux(stream.encode())
