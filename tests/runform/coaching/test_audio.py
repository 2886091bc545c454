"""What a recording is, is found in its bytes."""

import pytest

from runform.coaching.audio import MP4, OGG, WEBM, Sound, find_sound
from tests.runform.coaching.sounds import make_moving_picture, make_sound


@pytest.mark.parametrize(
    ("kind", "codec", "sound"),
    [("webm", "libopus", WEBM), ("mp4", "aac", MP4), ("mp4", "libopus", MP4), ("ogg", "libopus", OGG)],
)
def test_what_browsers_record_is_known(kind: str, codec: str, sound: Sound) -> None:
    assert find_sound(make_sound(kind, codec)) == sound


@pytest.mark.parametrize(("kind", "codec"), [("webm", "libvpx"), ("mp4", "libx264")])
def test_a_film_is_no_voice_note(kind: str, codec: str) -> None:
    assert find_sound(make_moving_picture(kind, codec)) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x1a\x45\xdf\xa3<script>alert(1)</script>",
        b"\x1a\x45\xdf\xa3\x42\x82\x88matroska\x86\x86A_OPUS",
        b"\x00\x00\x00\x18ftypM4A <script>",
        b"\x00\x00\x00\x00ftyp" + b"\x00" * 40,
        b"OggS\x00\x02" + b"\x00" * 22 + b"\x80theora",
        b"%PDF-1.7",
    ],
)
def test_anything_else_is_not(content: bytes) -> None:
    assert find_sound(content) is None
