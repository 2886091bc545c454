"""What made the numbers, so that two reports can be told apart."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from analysis.pose_model import model_path, sha256_of


@cache
def model() -> Mapping[str, str]:
    """The pose model that looks at clips."""
    path = model_path()
    return {"pose_model": path.name, "pose_model_sha256": sha256_of(path)}


@cache
def parameters() -> Mapping[str, str]:
    """Every constant of this library: its source, hashed."""
    source = hashlib.sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        source.update(file.read_bytes())
    return {"parameters_sha256": source.hexdigest()}
