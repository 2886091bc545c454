"""The scene without its runner: the median of pictures."""

import numpy as np
import pytest

from analysis.scene.lines import median_of


@pytest.mark.parametrize("count", [1, 2, 3, 8, 15, 16])
def test_the_median_is_numpys_rounded_down(count: int) -> None:
    rng = np.random.default_rng(count)
    pictures = [rng.integers(0, 256, (37, 23), dtype=np.uint8) for _ in range(count)]
    kept = [picture.copy() for picture in pictures]
    expected = np.median(np.stack(pictures), axis=0).astype(np.uint8)
    np.testing.assert_array_equal(median_of(pictures), expected)
    np.testing.assert_array_equal(pictures, kept)
