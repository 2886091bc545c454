import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
RING = """
import django
django.setup()
from runform.core import queue
queue._send("processing.analyse", ("x",))
print("on")
"""


def test_a_broken_bell_neither_fails_nor_delays_the_request(tmp_path: Path) -> None:
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "runform.settings",
        "RUNFORM_REDIS_URL": f"redis+socket://{tmp_path}/nobody.sock",
        "RUNFORM_VAR_DIR": str(tmp_path),
    }
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-c", RING], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "on", done.stderr
    assert "broker_away" in done.stderr
    assert time.monotonic() - began < 20
