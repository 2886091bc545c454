"""What made the numbers, so that two reports can be told apart."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from analysis.pose_model import model_path, sha256_of


@cache
def engine() -> Mapping[str, str]:
    """What made the numbers: the pose model and every constant of this library (its source, hashed)."""
    model = model_path()
    source = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        source.update(file.read_bytes())
    return {
        "pose_model": model.name,
        "pose_model_sha256": sha256_of(model),
        "parameters_sha256": source.hexdigest(),
    }
