"""The stages of an analysis add up: what happens inside another stage is counted once."""

import time

from analysis.clock import Clock


def test_a_stage_within_another_is_counted_once() -> None:
    clock = Clock()
    start = time.perf_counter()
    with clock.stage("metrics"):
        with clock.stage("pixels"):
            time.sleep(0.2)
        with clock.stage("metrics"):
            time.sleep(0.01)
    whole = time.perf_counter() - start
    assert clock.seconds["pixels"] >= 0.2
    assert sum(clock.seconds.values()) <= whole
    assert clock.seconds["metrics"] <= whole - 0.2
    assert clock.seconds["metrics"] >= 0.01
