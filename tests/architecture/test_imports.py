import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

HEAVY = ("cv2", "mediapipe", "scipy", "av")

LOAD_THE_WEB_APP = f"""
import json, sys
import runform.asgi
from django.urls import get_resolver

def walk(resolver):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            walk(pattern)
        else:
            pattern.callback

walk(get_resolver())
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_web_process_never_loads_the_video_stack() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_THE_WEB_APP], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
