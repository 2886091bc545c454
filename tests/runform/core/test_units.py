import pytest

from runform.core.templatetags.runform import speed
from runform.core.units import SpeedUnit, speed_from_mps, speed_to_mps


@pytest.mark.parametrize(
    ("text", "unit", "mps"),
    [
        ("12", "kmh", 3.3333),
        (" 12,6 ", "kmh", 3.5),
        ("5:00", "min_km", 3.3333),
        ("4:13", "min_km", 3.9526),
        ("5.5", "min_km", 3.0303),
        ("7.5", "mph", 3.3528),
    ],
)
def test_a_speed_as_people_type_it_in_metres_per_second(text: str, unit: str, mps: float) -> None:
    assert speed_to_mps(text, unit) == pytest.approx(mps, abs=1e-4)


@pytest.mark.parametrize("text", ["fast", "5:7", "5:70", "0:00", "0", "", "-4:30"])
def test_nonsense_is_not_a_pace(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        speed_to_mps(text, "min_km")


@pytest.mark.parametrize("unit", SpeedUnit.values)
def test_what_is_shown_means_what_is_stored(unit: str) -> None:
    for mps in (1.5, 2.78, 3.96, 6.3):
        assert speed_to_mps(speed_from_mps(mps, unit), unit) == pytest.approx(mps, rel=0.015)


def test_an_unknown_speed_says_so() -> None:
    assert speed(None, "kmh") == "speed unknown"
    assert speed(3.96, "min_km") == "4:13 min/km"
