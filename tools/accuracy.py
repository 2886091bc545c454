"""Write analysis/metrics/accuracy.json from what ../shared/truth/score.py --out found.

python -m tools.accuracy SCORE.json [...] [--truth DIR ...]

The metric pages show it.  SCORE.json: clip name -> {view, values: {metric: [true, value, low, high, grade, status]}}.
The truth folders say from where each clip is filmed and which body runs in it, also of clips that were refused.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from statistics import fmean
from typing import Any

from analysis import ANALYSIS_VERSION
from analysis.metrics import METRICS

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "analysis" / "metrics" / "accuracy.json"
DIGITS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scores", nargs="+", type=Path)
    parser.add_argument("--truth", action="append", type=Path, help="folder of the truth; may be repeated")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    clips: dict[str, Mapping[str, Any]] = {}
    for path in options.scores:
        clips |= json.loads(path.read_text())
    truths = find_truths(clips, options.truth or [ROOT.parent / "shared" / "truth" / "clips"])
    record = compute_record(clips, truths, made_on=date.today().isoformat())
    options.out.write_text(json.dumps(record, indent=1) + "\n")
    scored = sum(1 for views in record["metrics"].values() if views)
    print(f"{options.out.name}: {record['clips']} clips, {record['bodies']} bodies, {scored} metrics")


def find_truths(names: Iterable[str], folders: Iterable[Path]) -> dict[str, dict[str, str]]:
    """View and body of every clip; a clip without truth stops everything."""
    out = {}
    for name in names:
        paths = [folder / f"{name}.json" for folder in folders if (folder / f"{name}.json").exists()]
        if not paths:
            raise SystemExit(f"no truth for {name}: name its folder with --truth")
        truth = json.loads(paths[0].read_text())
        # One body in other clothes is the same body: BODY-CLOTHES.
        out[name] = {"view": truth["view"].split("_")[0], "body": str(truth["body"]).split("-")[0]}
    return out


def compute_record(
    clips: Mapping[str, Mapping[str, Any]], truths: Mapping[str, Mapping[str, str]], *, made_on: str
) -> dict[str, Any]:
    """The content of accuracy.json: every metric of the catalogue, with the views that may show it and have truth."""
    metrics = {}
    for spec in METRICS:
        by_view = {
            str(view): [
                clip["values"][spec.key]
                for name, clip in clips.items()
                if truths[name]["view"] == view and spec.key in clip["values"]
            ]
            for view in spec.views()
        }
        metrics[spec.key] = {view: compute_accuracy(rows) for view, rows in by_view.items() if rows}
    return {
        "analysis_version": ANALYSIS_VERSION,
        "made_on": made_on,
        "clips": len(clips),
        "bodies": len({truths[name]["body"] for name in clips}),
        "metrics": metrics,
    }


def compute_accuracy(rows: list[list[Any]]) -> dict[str, Any]:
    """Of rows [true, value, low, high, ...] of one metric and view; a number without an interval counts as missed."""
    given = [(true, value, low, high) for true, value, low, high, *_ in rows if value is not None]
    errors = [value - true for true, value, _, _ in given]
    return {
        "clips": len(rows),
        "given": len(given),
        "bias": round(fmean(errors), DIGITS) if errors else None,
        "mean_error": round(fmean(map(abs, errors)), DIGITS) if errors else None,
        "largest_error": round(max(map(abs, errors)), DIGITS) if errors else None,
        "inside": sum(1 for true, _, low, high in given if None not in (low, high) and low <= true <= high),
    }


if __name__ == "__main__":
    main()
