"""What must hold before the stack starts: nobody else runs on the same data, and the port is free."""

import fcntl
import socket
from pathlib import Path
from typing import IO


class CannotStartError(Exception):
    """The text is for the person at the terminal."""


def take_instance_lock(var_dir: Path, note: str) -> IO[str]:
    """Lock the var folder for as long as the returned file is open; the kernel lets go whatever way we end."""
    file = (var_dir / "up.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        other = file.read().strip()
        file.close()
        raise CannotStartError(
            f"RunForm already runs on {var_dir} ({other}). Stop it first, or set RUNFORM_VAR_DIR to another folder."
        ) from None
    file.truncate(0)
    file.write(note)
    file.flush()
    return file


def require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStartError(
                f"Port {port} cannot be used ({error.strerror}). Choose another: make up PORT={port + 1}"
            ) from None
