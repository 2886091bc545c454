"""How long the whole analysis of a clip takes, against a plain loop over the same frames.

    make bench                                  the clip in ../shared/clips, or the demo's
    python tools/bench.py CLIP [--runs 3]       any clip

The plain loop is what one writes first: decode -> detect_for_video, one frame after the other, with the model as it
was published.  The analysis has one without an outline, a third quicker; the loop with that one is shown, too.  All run
as programs of their own, by turns, so that what else the machine does meets all; the quickest run of each counts.  Only
ratios mean anything beyond this machine; on a busy one look at the processor time, which waiting does not change.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from analysis.pose_model import build, model_path  # noqa: E402

REAL_CLIP = ROOT.parent / "shared" / "clips" / "treadmill_side_garage.mp4"
DEMO_CLIP = ROOT / "demo" / "s01_side_base.mp4"

PLAIN_LOOP = """
import json, sys, time
import av, mediapipe, numpy
from mediapipe.tasks.python import BaseOptions, vision
start = time.perf_counter()
base = BaseOptions(model_asset_path=sys.argv[2])
options = vision.PoseLandmarkerOptions(base_options=base, running_mode=vision.RunningMode.VIDEO)
frames = 0
with vision.PoseLandmarker.create_from_options(options) as landmarker, av.open(sys.argv[1]) as container:
    for frame in container.decode(video=0):
        rgb = numpy.ascontiguousarray(frame.to_ndarray(format="rgb24"))
        landmarker.detect_for_video(mediapipe.Image(mediapipe.ImageFormat.SRGB, rgb), round(frame.time * 1000))
        frames += 1
print(json.dumps({"seconds": time.perf_counter() - start, "frames": frames}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("clip", type=Path, nargs="?", default=REAL_CLIP if REAL_CLIP.is_file() else DEMO_CLIP)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    published, ours = build(outline=True), model_path()
    plain, lean, whole = [], [], []
    for _ in range(options.runs):
        plain.append(run_plain_loop(options.clip, published))
        lean.append(run_plain_loop(options.clip, ours))
        whole.append(run_analysis(options.clip))
    show(options.clip, *(min(runs, key=lambda run: run["wall"]) for runs in (plain, lean, whole)))


def run_plain_loop(clip: Path, model: Path) -> dict[str, float]:
    """Seconds of the whole program (``wall``), of the loop in it (``loop``), and the frames it saw."""
    wall, cpu, output = timed([sys.executable, "-c", PLAIN_LOOP, str(clip), str(model)])
    loop = json.loads(output)
    return {"wall": wall, "cpu": cpu, "loop": loop["seconds"], "frames": loop["frames"]}


def run_analysis(clip: Path) -> dict[str, float]:
    """Seconds of the whole program (``wall``) and of its stages."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "analysis", str(clip), "--json", str(report)]
        command += ["--frames", f"{folder}/frames", "--copy", f"{folder}/copy.mp4"]
        wall, cpu, _ = timed(command)
        stages: dict[str, float] = json.loads(report.read_text())["timing"]
    return {"wall": wall, "cpu": cpu, **stages}


def timed(command: list[str]) -> tuple[float, float, str]:
    """Seconds by the clock, seconds of all processors, and what the program printed."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def show(clip: Path, plain: dict[str, float], lean: dict[str, float], whole: dict[str, float]) -> None:
    stages = {name: seconds for name, seconds in whole.items() if name not in ("wall", "cpu")}
    stages["start, write"] = whole["wall"] - sum(stages.values())
    print(f"{clip.name}: {plain['frames']:.0f} frames")
    print(f"plain loop, whole program   {plain['wall']:7.2f} s   1.00   processors {plain['cpu']:6.2f} s")
    print(f"plain loop, the loop alone  {plain['loop']:7.2f} s   {plain['loop'] / plain['wall']:.2f}")
    ratio = lean["wall"] / plain["wall"]
    print(f"plain loop, quicker model   {lean['wall']:7.2f} s   {ratio:.2f}   processors {lean['cpu']:6.2f} s")
    ratio = whole["wall"] / plain["wall"]
    print(f"analysis, whole program     {whole['wall']:7.2f} s   {ratio:.2f}   processors {whole['cpu']:6.2f} s")
    print(f"memory, at most           {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:8.0f} MB")
    for name, seconds in stages.items():
        print(f"  {name:<24}  {seconds:7.2f} s   {seconds / plain['wall']:.2f}  {seconds / whole['wall']:5.0%}")


if __name__ == "__main__":
    main()
