"""Running form from a clip: landmarks, waveforms, and metrics with intervals and grades.

    from analysis.pipeline import analyse
    report = analyse("clip.mp4", Profile(speed_mps=3.3))

Nothing heavy is imported here, so that the web may read the metric texts with numpy alone.
"""

import os

# Before numpy is loaded: its matrices are small here, and a second thread only burns a core that tracking needs.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


ANALYSIS_VERSION = "0.5.0"
