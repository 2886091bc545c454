"""Make clips with known 3D truth: NAME.mp4 and NAME.json for every spec of tools/truth/specs.py.

python -m tools.truth [--only GLOB] [--out DIR] [--still 40 90] [--again] [--motion DIR]
"""

import argparse
import fnmatch
from pathlib import Path

from tools.truth.specs import FIRST_MOTION, SPECS

ROOT = Path(__file__).resolve().parents[2]
MOTION = ROOT.parent / "shared" / "truth" / "clips"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="*", help="names of specs, with * and ?")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "truth")
    parser.add_argument("--still", nargs="+", type=int, default=[], help="only these pictures, as PNG")
    parser.add_argument("--again", action="store_true", help="also clips that exist")
    parser.add_argument("--motion", type=Path, default=MOTION, help="folder of motions (the shared clips' truth)")
    options = parser.parse_args()
    # Late: help needs neither the video stack nor the renderer.
    from tools.truth.film import make_clip

    options.out.mkdir(parents=True, exist_ok=True)
    for name, spec in SPECS.items():
        there = (options.out / f"{name}.mp4").exists() and not (options.again or options.still)
        if there or not fnmatch.fnmatch(name, options.only):
            continue
        motion = options.motion / f"{spec.get('motion', FIRST_MOTION)}.json"
        if not motion.exists():
            print(name, "left out: there is no", motion)
        else:
            record = make_clip(name, spec, options.motion, options.out, options.still)
            print(name, record["frames"], record["summary"], flush=True)


if __name__ == "__main__":
    main()
