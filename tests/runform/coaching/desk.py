"""A coach's browser on a clip that says on every picture which one it is."""

import json
import re
import uuid
from pathlib import Path

import numpy as np
from playwright.sync_api import Locator, Page, expect

from analysis.export import write_copy
from analysis.serialize import write_series
from runform.accounts.models import User
from runform.clips.models import FormCheck
from runform.clubs.models import Club, Role
from runform.clubs.services import club_create, coach_assign, member_add
from runform.reports.models import Report
from runform.reports.services import output_store, report_publish
from tests.runform.reports import barcode
from tests.runform.world import SIDE, make_clip, make_user

PHONE = {"width": 390, "height": 844}


def make_film(folder: Path) -> Path:
    """What the analyser would leave of the clip with the numbers on it."""
    barcode.write_clip(folder / "clip.mp4")
    write_copy(folder / "clip.mp4", folder / "copy.mp4")
    write_series(folder / "report.npz", barcode.landmarks(), {}, np.empty(0))
    content = json.loads(SIDE.read_text()) | {"frames": [], "series": "report.npz"}
    content["findings"][0]["evidence_s"] = [barcode.moments()[50]]
    content["findings"][1:] = []
    (folder / "report.json").write_text(json.dumps(content))
    return folder


def make_filmed_report(check: FormCheck, folder: Path) -> Report:
    output = output_store(out_dir=folder, prefix=f"reports/{uuid.uuid4()}")
    return report_publish(clip=make_clip(check), job_code=uuid.uuid4(), output=output)


def player_of(page: Page) -> Locator:
    """The player, with a picture on show."""
    player = page.locator("[data-player]").first
    player.scroll_into_view_if_needed()
    expect(player).to_have_attribute("data-frame", re.compile(r"\d+"), timeout=20_000)
    return player


def go(player: Locator, number: int) -> None:
    """As the slider does when it is dragged."""
    player.locator("input[type=range]").evaluate(
        "(one, to) => { one.value = to; one.dispatchEvent(new Event('input', { bubbles: true })); }", number
    )
    expect(player).to_have_attribute("data-frame", str(number), timeout=15_000)


def on_stage(player: Locator, place: tuple[float, float]) -> tuple[float, float]:
    """Where on the stage a point of the picture is, whatever the zoom: by what the browser says of the video."""
    x, y = player.locator("[data-stage]").evaluate(
        """(stage, [x, y]) => { const video = stage.querySelector("video"), { videoWidth, videoHeight } = video;
          const at = new DOMMatrix(getComputedStyle(video).transform), { clientWidth, clientHeight } = stage;
          const scale = Math.min(clientWidth / videoWidth, clientHeight / videoHeight);
          const left = (clientWidth - scale * videoWidth) / 2, top = (clientHeight - scale * videoHeight) / 2;
          return [at.e + at.a * (left + scale * x), at.f + at.d * (top + scale * y)]; }""",
        list(place),
    )
    return float(x), float(y)


def on_screen(player: Locator, place: tuple[float, float]) -> tuple[float, float]:
    """Where on the screen a point of the picture is."""
    stage = player.locator("[data-stage]")
    stage.scroll_into_view_if_needed()
    left, top = stage.evaluate("one => { const { left, top } = one.getBoundingClientRect(); return [left, top]; }")
    x, y = on_stage(player, place)
    return left + x, top + y


def drag(page: Page, player: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """With the mouse, between two points of the picture."""
    page.mouse.move(*on_screen(player, start))
    page.mouse.down()
    page.mouse.move(*on_screen(player, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)))
    page.mouse.move(*on_screen(player, end))
    page.mouse.up()


def make_coach(athlete: User) -> User:
    """Somebody who coaches this athlete, in a club that lets automatic reports through."""
    coach = make_user("coach")
    club = club_create(name="Here", manager=make_user("manager"))
    Club.objects.update(automatic_reports=True)
    member_add(club=club, user=coach, role=Role.COACH)
    member_add(club=club, user=athlete, role=Role.ATHLETE)
    coach_assign(club=club, coach=coach, athlete=athlete)
    return coach
