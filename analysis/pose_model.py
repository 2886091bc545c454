"""Build the pose model file from models published on PyPI, and name the one in use.

mediapipe 1.x ships no model.  The wheel of 0.10.21 holds the BlazePose detector and the full landmark
model as bare TFLite files (Apache-2.0).  A ``.task`` file is a stored zip of both, each with TFLite
metadata that tells how its input is normalised.  The landmark model loses the branch that paints the runner's
outline: nobody asks for it here, and it took a third of the time.  The landmarks stay the same to the last bit.

    python -m analysis.pose_model            build it (or find it in the cache) and print its path
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from analysis.cache import cache_dir
from analysis.errors import AnalysisError

WHEEL = "mediapipe==0.10.21"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
WHEEL_PLATFORM = ["--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"]
TASK_SHA256 = "62f3952d0e04c8ec0d5c66251dc457dd75b51d3676a3f96a484d5afb7a38cd0e"
TASK_NAME = "pose_landmarker_full.task"
# The same with the outline: what the plain loop of the benchmark gets.
WHOLE_SHA256 = "dc3d2bfc60d76860d73f91713d757ee0a4602ebdb3ba63fbdf414a366dc607a9"
WHOLE_NAME = "pose_landmarker_full_outline.task"

# (name in the wheel, name in the .task file, mean, std of the input normalisation)
MODELS = (
    ("mediapipe/modules/pose_detection/pose_detection.tflite", "pose_detector.tflite", 127.5, 127.5),
    ("mediapipe/modules/pose_landmark/pose_landmark_full.tflite", "pose_landmarks_detector.tflite", 0.0, 255.0),
)
# Outputs of the landmark model, by their order: whether it is a person, and the outline.
PRESENCE, OUTLINE = 1, 2


def model_path() -> Path:
    """Path of the pose model in use: ``RUNFORM_POSE_MODEL``, else the built one.

    Raises
    ------
    AnalysisError
        ``model_missing`` when the file is not there; the text says how to build it.
    """
    path = Path(os.environ.get("RUNFORM_POSE_MODEL") or cache_dir() / TASK_NAME)
    if not path.is_file():
        raise AnalysisError(
            "model_missing",
            f"The pose model is not installed ({path}). Build it with: python -m analysis.pose_model",
        )
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def build(target: Path | None = None, *, outline: bool = False) -> Path:
    """Build the ``.task`` file unless a sound one is there already; safe to repeat and to run twice at once.

    With ``outline`` it is the model as published.

    Raises
    ------
    AnalysisError
        ``model_build`` when the wheel cannot be had or a checksum is wrong.
    """
    name, sha256 = (WHOLE_NAME, WHOLE_SHA256) if outline else (TASK_NAME, TASK_SHA256)
    target = target or cache_dir() / name
    if target.is_file() and sha256_of(target) == sha256:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        wheel = _download(Path(folder))
        part = Path(folder) / name
        _write_task(wheel, part, outline)
        if (got := sha256_of(part)) != sha256:
            raise AnalysisError("model_build", f"The built pose model has the wrong checksum ({got}).")
        part.replace(target)
    return target


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary=:all:", *WHEEL_PLATFORM]
    done = subprocess.run([*command, "-d", str(folder), WHEEL], capture_output=True, text=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise AnalysisError("model_build", f"Could not download {WHEEL} with pip: {done.stderr.strip()[-300:]}")
    if sha256_of(wheels[0]) != WHEEL_SHA256:
        raise AnalysisError("model_build", f"The downloaded {WHEEL} has the wrong checksum.")
    return wheels[0]


def _write_task(wheel: Path, target: Path, outline: bool) -> None:
    """Write the stored zip; fixed dates make it the same file everywhere."""
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as task:
        for inside, name, mean, std in MODELS:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            task.writestr(entry, _prepared(source.read(inside), mean, std, outline))


def _prepared(model: bytes, mean: float, std: float, outline: bool) -> bytes:
    """The TFLite model with or without the outline, and with a metadata buffer that holds its input normalisation."""
    import flatbuffers
    from mediapipe.tasks.metadata import metadata_schema_py_generated as meta
    from mediapipe.tasks.metadata import schema_py_generated as tflite

    norm = meta.NormalizationOptionsT()
    norm.mean, norm.std = [mean], [std]
    unit = meta.ProcessUnitT()
    unit.optionsType, unit.options = meta.ProcessUnitOptions.NormalizationOptions, norm
    tensor = meta.TensorMetadataT()
    tensor.processUnits = [unit]
    graph = tflite.ModelT.InitFromObj(tflite.Model.GetRootAs(model, 0))
    if not outline:
        _leave_out_outline(graph.subgraphs[0])
    subgraph = meta.SubGraphMetadataT()
    subgraph.inputTensorMetadata = [tensor]
    subgraph.outputTensorMetadata = [meta.TensorMetadataT() for _ in graph.subgraphs[0].outputs]
    root = meta.ModelMetadataT()
    root.subgraphMetadata = [subgraph]

    builder = flatbuffers.Builder(0)
    builder.Finish(root.Pack(builder), b"M001")
    buffer = tflite.BufferT()
    buffer.data = bytes(builder.Output())
    graph.buffers.append(buffer)
    entry = tflite.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(graph.buffers) - 1
    graph.metadata = [*(graph.metadata or []), entry]

    builder = flatbuffers.Builder(len(model))
    builder.Finish(graph.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _leave_out_outline(graph: Any) -> None:
    """Take out what only the outline needs; another output stands in its place, since MediaPipe counts them."""
    outputs = [int(tensor) for tensor in graph.outputs]
    if len(outputs) <= OUTLINE:  # the detector has none
        return
    outputs[OUTLINE] = outputs[PRESENCE]
    graph.outputs = outputs
    needed, kept = set(outputs), []
    for operator in reversed(graph.operators):  # they are stored in the order in which they run
        if not needed.isdisjoint(operator.outputs):
            needed.update(operator.inputs)
            kept.append(operator)
    graph.operators = kept[::-1]


if __name__ == "__main__":
    try:
        print(build())
    except AnalysisError as error:
        sys.exit(error.user_text)
