from pathlib import Path

import pytest
from django.test import Client

from runform.coaching.selectors.queue import form_checks_coached_by, with_flags
from runform.reports.models import MetricResult
from tests.runform.world import World, make_check, make_clip, make_report

pytestmark = pytest.mark.django_db


def test_flags_are_counted_once_and_in_the_newest_reports_only(world: World, tmp_path: Path) -> None:
    keys = ["head_forward_trunk", "vertical_oscillation"]
    own = MetricResult.objects.filter(report__clip__form_check=world.check)
    flagged = own.filter(key__in=keys).update(status="flag")
    assert flagged == 2

    def flags() -> int:
        return int(with_flags(form_checks_coached_by(world.coach)).get(pk=world.check.pk).n_flags)

    assert flags() == flagged
    # The same metric flagged in two clips is one flag.
    second = make_report(make_clip(world.check, b"second"), tmp_path)
    MetricResult.objects.exclude(key__in=keys).update(status="ok")
    MetricResult.objects.filter(report=second, key__in=keys).update(status="flag")
    assert flags() == flagged
    newest = make_report(world.idle_clip, tmp_path)
    MetricResult.objects.exclude(report=newest).update(status="ok")
    newer = make_report(world.idle_clip, tmp_path)
    MetricResult.objects.filter(report=newer).update(status="ok")
    assert flags() == 0


def test_the_newest_stands_first(world: World, client: Client) -> None:
    newer = make_check(world.athlete)
    client.force_login(world.coach)
    page = client.get("/coach/?stage=all&order=newest").content.decode()
    assert page.index(str(newer.code)) < page.index(str(world.check.code))
