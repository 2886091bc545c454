"""What the compose file promises, read off the file; docs/deployment.md says how it is really run."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LASTING = {name: one for name, one in SERVICES.items() if name != "setup"}
OURS = {"setup", "proxy", "web", "worker", "upkeep", "beat", "store"}


def test_every_base_image_can_be_replaced() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    arguments = re.findall(r"^ARG (\w+)=", dockerfile, re.MULTILINE)
    assert bases == [f"${{{name}}}" for name in ("PROXY_BASE_IMAGE", "STORE_BASE_IMAGE", "BASE_IMAGE")]
    assert {name for one in SERVICES.values() for name in one.get("build", {}).get("args", {})} == set(arguments)
    for name in SERVICES.keys() - OURS:
        assert SERVICES[name]["image"].startswith(f"${{{name.upper()}_IMAGE:-")


@pytest.mark.parametrize("name", LASTING)
def test_every_container_is_watched_limited_and_stopped_with_patience(name: str) -> None:
    service = LASTING[name]
    assert {"healthcheck", "mem_limit", "stop_grace_period", "logging"} <= service.keys()
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_containers_have_no_rights_that_they_do_not_need(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"]["nofile"] <= 65536


def test_our_images_run_as_ordinary_users() -> None:
    images = (ROOT / "Dockerfile").read_text().split("FROM ")[1:]
    assert [re.findall(r"^USER ([\w-]+)", image, re.MULTILINE) for image in images] == [
        ["www-data"],
        ["store"],
        ["runform"],
    ]


def test_only_the_proxy_is_open_to_the_outside() -> None:
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]


def test_the_queues_that_tasks_go_to_have_a_worker() -> None:
    from django.conf import settings

    asked = {settings.CELERY_TASK_DEFAULT_QUEUE, *(one["queue"] for one in settings.CELERY_TASK_ROUTES.values())}
    commands = [one["command"] for one in SERVICES.values() if "--queues" in one.get("command", [])]
    assert {queue for command in commands for queue in command[command.index("--queues") + 1].split(",")} == asked


def test_the_store_of_the_containers_is_the_one_that_is_tested() -> None:
    lines = (ROOT / "docker" / "store" / "requirements.txt").read_text().strip()
    assert lines in (ROOT / "requirements-dev.txt").read_text()


def test_the_pose_model_is_built_from_the_modules_that_are_copied_for_it() -> None:
    """They come before the rest, so that a change elsewhere does not fetch the model anew."""
    copied = set(re.findall(r"analysis/(\w+)\.py", (ROOT / "Dockerfile").read_text()))
    todo, needed = ["pose_model"], {"__init__"}
    while todo:
        name = todo.pop()
        needed.add(name)
        source = (ROOT / "analysis" / f"{name}.py").read_text()
        todo += set(re.findall(r"from analysis\.(\w+) import", source)) - needed
    assert copied == needed


@pytest.mark.parametrize("kind", ["plain", "tls"])
def test_nginx_takes_its_configuration(kind: str, tmp_path: Path) -> None:
    nginx, openssl = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin"), shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("needs nginx and openssl")
    run, tls = tmp_path / "run", tmp_path / "tls"
    run.mkdir()
    tls.mkdir()
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=here", "-days", "1"]
    subprocess.run(
        [*make, "-keyout", tls / "privkey.pem", "-out", tls / "fullchain.pem"], check=True, capture_output=True
    )
    places = {"/run/proxy": run, "/etc/runform/tls": tls, "/etc/nginx/runform": tmp_path, "/dev/stderr": run / "log"}
    for source in (ROOT / "docker" / "proxy").glob("*.conf"):
        text = source.read_text()
        for there, here in places.items():
            text = text.replace(there, str(here))
        (tmp_path / source.name).write_text(text)
    (run / "server.conf").write_text((tmp_path / f"{kind}.conf").read_text())
    (run / "resolver.conf").write_text("resolver 127.0.0.1;")
    (run / "web.conf").write_text('map "" $web { default "web:8000"; }')
    checked = subprocess.run([nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
