import os
import subprocess

from tests.conftest import ROOT


def test_the_port_can_be_chosen() -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--dry-run", "up", "PORT=9123"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert "manage.py up --port 9123" in done.stdout
