"""Stands in for the analyser: keeps its contract, or breaks it in one way that the first argument names."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"


def say(stage: str, done: int, total: int) -> None:
    print(json.dumps({"stage": stage, "done": done, "total": total}), flush=True)


def write(template: str) -> None:
    content = json.loads((DATA / template).read_text())
    out = Path(sys.argv[sys.argv.index("--json") + 1])
    frames = Path(sys.argv[sys.argv.index("--frames") + 1])
    shutil.copy(DATA / template, out)
    for frame in content["frames"]:
        (frames / frame["file"]).write_bytes(b"\xff\xd8")
    if content["series"]:
        (out.parent / content["series"]).write_bytes(b"npz")
    if "--copy" in sys.argv:
        Path(sys.argv[sys.argv.index("--copy") + 1]).write_bytes(b"film")


def pry() -> dict[str, str]:
    """Tries what a broken decoder would: the error that met each try, or what it found."""
    secret, parent = Path(sys.argv[2]).with_name("secret"), os.getppid()
    tries: dict[str, Callable[[], object]] = {
        "read": secret.read_text,
        "list": lambda: list(secret.parent.iterdir()),
        "write": lambda: secret.with_name("trace").write_text("x"),
        "passwords": Path("/etc/passwd").read_text,
        "environment": Path(f"/proc/{parent}/environ").read_bytes,
        "signal": lambda: os.kill(parent, 0),
        "internet": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),
        "database": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
        "run away": lambda: subprocess.run([sys.executable, "-c", ""], check=True, start_new_session=True),
        "own work": lambda: Path("mine").write_text("x"),
    }
    found = {}
    for name, attempt in tries.items():
        try:
            attempt()
            found[name] = "open"
        except OSError as error:
            found[name] = type(error).__name__
    return found


def main(mode: str) -> None:
    Path("args.json").write_text(json.dumps(sys.argv[2:]))
    Path("env.json").write_text(json.dumps(dict(os.environ)))
    print("a library's chatter")
    say("pose", 3, 10)
    if mode == "unreadable":
        print("some noise\nThis file is not a video.", file=sys.stderr)
        sys.exit(2)
    elif mode == "away":
        while Path(sys.argv[2]).exists():
            time.sleep(0.05)
        print("There is no such file.", file=sys.stderr)
        sys.exit(2)
    elif mode == "refused":
        write("report_refused.json")
        sys.exit(3)
    elif mode == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif mode == "hang":
        time.sleep(600)
    elif mode == "family":
        kin = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path("kin.pid").write_text(str(kin.pid))
        time.sleep(600)
    elif mode == "heavy":
        hoard = bytearray(400 * 1024 * 1024)
        hoard[::4096] = b"x" * len(hoard[::4096])
        time.sleep(600)
    elif mode == "huge":
        bytearray(2**33)
    elif mode == "busy":
        while True:
            pass
    elif mode == "flood":
        Path("flood").write_bytes(bytes(50 * 1024 * 1024))
    elif mode == "nothing":
        sys.exit(0)
    elif mode == "pry":
        print(json.dumps(pry()), file=sys.stderr)
        sys.exit(1)
    elif mode == "escape":
        write("report_side.json")
        Path("report.npz").unlink()
        Path("report.npz").symlink_to("/etc/passwd")
    elif mode == "escape with a folder":
        write("report_side.json")
        Path("frames").rename("hers")
        Path("frames").symlink_to(Path(sys.argv[2]).parent)
    elif mode == "escape with its report":
        write("report_side.json")
        Path("report.json").unlink()
        Path("report.json").symlink_to(DATA / "report_side.json")
    elif mode == "escape with its last words":
        Path("stderr.txt").unlink()
        Path("stderr.txt").symlink_to(Path(sys.argv[2]).with_name("secret"))
        sys.exit(2)
    elif mode == "slow":
        write("report_side.json")
        time.sleep(2.5)
    else:
        write("report_side.json")


if __name__ == "__main__":
    main(sys.argv[1])
