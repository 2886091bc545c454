"""Files that wish no good are read or refused in one plain sentence: no crash, no hanging, no other file opened."""

import json
import subprocess
import sys
from pathlib import Path

import av
import pytest

from tests.analysis import hostile

ROOT = Path(__file__).resolve().parents[2]
MUTATIONS = 400
# A lie beside the film itself, which is shown all the same.
HARMLESS = {
    "a name with a lie.webm",
    "absurd size in the header.mp4",
    "absurd size of the pictures.mp4",
    "an archive behind a film.mp4",
    "box larger than the file.mp4",
    "box of no size.mp4",
    "endless duration.mp4",
    "extras.mkv",
    "millions of frames of one tick.mp4",
    "no duration.mp4",
}


def read_all(paths: list[Path]) -> dict[str, dict[str, object]]:
    """What came of each file, read by one process, as the worker's child reads."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.analysis.hostile"],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"ended by {paths[len(answers)].name}: {done.stderr[-2000:]}"
    return {path.name: answer for path, answer in zip(paths, answers, strict=True)}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, demo_clips: Path) -> Path:
    """The first second of a real clip, as the phone would have saved it."""
    path = tmp_path_factory.mktemp("good") / "good.mp4"
    with av.open(str(demo_clips / "s01_side_base.mp4")) as source, av.open(str(path), "w") as target:
        film = source.streams.video[0]
        assert film.time_base
        copy = target.add_stream_from_template(film)
        for packet in source.demux(film):
            if packet.dts is not None and packet.dts * film.time_base < 1:
                packet.stream = copy
                target.mux(packet)
    return path


def written(files: list[tuple[str, bytes]], folder: Path) -> list[Path]:
    paths = [folder / name for name, _ in files]
    for path, (_, data) in zip(paths, files, strict=True):
        path.write_bytes(data)
    return paths


def test_a_hostile_file_is_refused_with_a_text_or_read_for_what_it_is(good: Path, tmp_path: Path) -> None:
    data = good.read_bytes()
    paths = written(list(hostile.corpus(data, tmp_path).items()), tmp_path)
    hostile.with_extras(good, tmp_path / "extras.mkv")
    found = read_all([*paths, tmp_path / "extras.mkv"])
    whole = read_all([good])["good.mp4"]
    assert found["extras.mkv"]["pictures"] == 10
    harmless = {name for name, answer in found.items() if "refused" not in answer}
    assert harmless == HARMLESS
    # Never more of the film than there is, and none of another.
    assert all(0 < int(str(found[name]["frames"])) <= int(str(whole["frames"])) for name in HARMLESS)
    for name in found.keys() - harmless:
        text = str(found[name]["text"])
        assert text.endswith(".")
        assert str(tmp_path) not in text


def test_hundreds_of_damaged_copies_end_no_process(good: Path, tmp_path: Path) -> None:
    files = list(hostile.mutations(good.read_bytes(), MUTATIONS))
    found = read_all(written(files, tmp_path))
    assert len(found) == MUTATIONS
    # A damage may be harmless, and it may be deadly for the clip: both really happen here.
    assert 20 < sum("refused" in answer for answer in found.values()) < MUTATIONS - 20
