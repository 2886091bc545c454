"""The committed front-end files are exactly what package-lock.json pins."""

import hashlib
import json

import pytest

from tools import vendor

LOCK = json.loads((vendor.ROOT / "package-lock.json").read_text())["packages"]
MANIFEST: dict[str, dict[str, str]] = json.loads(vendor.MANIFEST.read_text())


def test_every_vendored_file_is_in_the_manifest_and_nothing_else_is() -> None:
    on_disk = {str(p.relative_to(vendor.VENDOR)) for p in vendor.VENDOR.rglob("*") if p.is_file()}
    assert on_disk - {"manifest.json"} == set(MANIFEST) == set(vendor.FILES)


@pytest.mark.parametrize("name", MANIFEST)
def test_vendored_file_has_the_recorded_hash_and_the_locked_version(name: str) -> None:
    entry = MANIFEST[name]
    assert hashlib.sha256((vendor.VENDOR / name).read_bytes()).hexdigest() == entry["sha256"]
    locked = LOCK[f"node_modules/{entry['package']}"]
    assert (entry["version"], entry["integrity"]) == (locked["version"], locked["integrity"])


@pytest.mark.parametrize("name", MANIFEST)
def test_vendored_file_equals_the_installed_package(name: str) -> None:
    package, path = vendor.FILES[name]
    source = vendor.NODE_MODULES / package / path
    if not source.exists():
        pytest.skip("node_modules is not installed (npm ci)")
    assert (vendor.VENDOR / name).read_bytes() == vendor.vendored_bytes(source)


def test_package_json_pins_exact_versions_and_the_lock_names_no_host() -> None:
    wanted = json.loads((vendor.ROOT / "package.json").read_text())["dependencies"]
    assert wanted == LOCK[""]["dependencies"]
    assert all(version[0].isdigit() for version in wanted.values())
    assert not [name for name, package in LOCK.items() if "resolved" in package]


def test_the_plotly_that_checks_figures_is_the_plotly_that_draws_them() -> None:
    offline = pytest.importorskip("plotly.offline")
    assert offline.get_plotlyjs_version() == MANIFEST["plotly/plotly-basic.min.js"]["version"]
