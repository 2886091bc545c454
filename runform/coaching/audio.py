"""What kind of sound a file really is: by its bytes, never by what the browser said.  Nothing here decodes it."""

import re
import struct
from dataclasses import dataclass

EBML, HEAD_BYTES = b"\x1a\x45\xdf\xa3", 64 * 1024
CODEC_ID = rb"\x86[\x81-\xbf]"
HANDLER = re.compile(rb"hdlr.{8}(.{4})", re.DOTALL)


@dataclass(frozen=True)
class Sound:
    content_type: str
    suffix: str


WEBM, MP4, OGG = Sound("audio/webm", ".webm"), Sound("audio/mp4", ".m4a"), Sound("audio/ogg", ".ogg")
TYPES = frozenset(sound.content_type for sound in (WEBM, MP4, OGG))


def find_sound(content: bytes) -> Sound | None:
    """The container, if it is one that browsers record and it holds sound and no picture."""
    if content.startswith(EBML):
        return WEBM if _is_webm_sound(content[:HEAD_BYTES]) else None
    if content[4:8] == b"ftyp":
        return MP4 if _is_mp4_sound(content) else None
    if content.startswith(b"OggS\x00\x02"):
        return OGG if b"OpusHead" in content[26:300] or b"\x01vorbis" in content[26:300] else None
    return None


def _is_webm_sound(head: bytes) -> bool:
    """DocType webm (element 4282), and of the tracks' codecs (element 86) one of sound and none of pictures."""
    is_webm = re.search(rb"\x42\x82[\x81-\xbf]webm", head[:128]) is not None
    sound = re.search(CODEC_ID + rb"A_(OPUS|VORBIS)", head) is not None
    return is_webm and sound and re.search(CODEC_ID + b"V_", head) is None


def _is_mp4_sound(content: bytes) -> bool:
    kinds = set(HANDLER.findall(_top_box(content, b"moov")))
    return b"soun" in kinds and b"vide" not in kinds


def _top_box(content: bytes, name: bytes) -> bytes:
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if kind == name:
            return content[at + 8 : at + size]
        at += max(size, 8)
    return b""
