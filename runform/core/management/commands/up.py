"""Run the whole app on this machine until Ctrl-C: what `make up` calls."""

import logging
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from runform.core.broker import socket_path
from runform.core.metrics import forget_earlier_processes
from runform.core.stack import guards, processes, services

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Not an Exception: nothing on the way may swallow it."""


class Command(BaseCommand):
    help = "Migrate, make the demo data, and run web, worker, clock and queue server until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-demo", action="store_true", help="do not create the demo club")

    def handle(self, *args: Any, host: str, port: int, no_demo: bool, **options: Any) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, _stop_requested)
        logging.disable(logging.INFO)  # the terminal is for people; the services write their logs to files
        self.url = f"http://{host}:{port}"
        with ExitStack() as cleanup:
            try:
                self._run(cleanup, host, port, demo=not no_demo)
            except guards.CannotStartError as error:
                raise CommandError(str(error)) from None
            except StopRequested:
                self._say("Stopping.")

    def _run(self, cleanup: ExitStack, host: str, port: int, *, demo: bool) -> None:
        var_dir = Path(settings.VAR_DIR)
        var_dir.mkdir(parents=True, exist_ok=True)
        cleanup.enter_context(guards.take_instance_lock(var_dir, f"process {os.getpid()}, {self.url}"))
        guards.require_free_port(host, port)
        log_dir = processes.log_folder(var_dir)
        forget_earlier_processes()
        self._prepare_files_and_tables()
        if "RUNFORM_REDIS_URL" not in os.environ:
            broker = [services.valkey(var_dir, settings.BASE_DIR, log_dir)]
            cleanup.callback(_stop_for_good, broker, 2)
            broker[0].start()
            services.wait_for_valkey(broker[0], socket_path(var_dir))
        else:
            broker = []
        if demo:
            call_command("demo")
        connections.close_all()
        os.environ.setdefault("RUNFORM_SITE_URL", self.url)
        app = services.app_services(host, port, settings.BASE_DIR, log_dir)
        once = [services.demo_review(settings.BASE_DIR, log_dir)] if demo else []
        cleanup.callback(_stop_for_good, [*app, *once], 4)
        for service in (*app, *once):
            service.start()
        self._watch([*broker, *app], demo=demo)

    def _prepare_files_and_tables(self) -> None:
        self._say("Preparing the database and the static files.")
        call_command("migrate", interactive=False, verbosity=0)
        if _static_files_are_collected():
            return
        # In a process of its own: the settings choose the storage of hashed names by the command's name.
        collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
        if subprocess.run(collect, cwd=settings.BASE_DIR, check=False).returncode:
            raise guards.CannotStartError("The static files could not be collected; the lines above say why.")

    def _watch(self, running: list[processes.Service], *, demo: bool) -> None:
        announced = False
        while True:
            for service in running:
                if message := service.watch():
                    self._say(message)
            if not announced and services.answers(f"{self.url}/health"):
                self._announce(demo=demo)
                announced = True
            time.sleep(0.25)

    def _announce(self, *, demo: bool) -> None:
        lines = ["", f"RunForm is running:  {self.url}", ""]
        if demo:
            lines += ["  Log in with the password  runform-demo  as", ""]
            lines += [f"    {role}@demo.runform.test" for role in ("athlete", "coach", "manager")]
            lines += ["", "  The athlete's demo clips are being analysed right now; then the coach reviews two."]
        lines += [f"  E-mails (sign-up, password reset) are printed here; logs are in {settings.VAR_DIR / 'logs'}."]
        lines += ["  Stop with Ctrl-C.", ""]
        self._say("\n".join(lines))

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _static_files_are_collected() -> bool:
    """Whether nothing changed since: neither our own files and folders, nor the packages that bring some."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    own = [path for folder in settings.STATICFILES_DIRS for path in (folder, *folder.rglob("*"))]
    sources = [*own, settings.BASE_DIR / "requirements.txt"]
    return manifest.is_file() and max(path.stat().st_mtime for path in sources) < manifest.stat().st_mtime


def _stop_requested(number: int, frame: FrameType | None) -> None:
    raise StopRequested


def _stop_for_good(running: list[processes.Service], grace_s: float) -> None:
    """A second Ctrl-C must not interrupt the taking down: it lasts seconds."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    processes.stop(running, grace_s=grace_s)
