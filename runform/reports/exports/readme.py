"""What lies beside the files of a zip: how to read them."""

from django.utils.translation import gettext_lazy as _

README = _("""RunForm: everything of one FormCheck.

metrics.csv            every number of every clip; a folder for each clip holds the rest
report.json            the analysis as it was written
strides.csv            begin, end and foot contacts of every stride
series.csv             the curves, one line a moment
landmarks.csv, .npz    33 points of the body; x and y in pixels of the upright clip from its lower left corner
landmarks.trc          the same as markers in metres: x forwards, y up, z to the runner's right
pictures, clip.mp4     the drawn pictures, and the clip as every player shows it

Times are seconds of the clip. Left and right are the runner's own. Intervals (low to high) hold the true value
95 times in 100. "caveated" numbers are to be read with care; "not_measured" ones say why and how to film instead.
A change between two FormChecks is real only beyond smallest_real_change.
In the TRC file only what lies in the plane of the picture is measured: the depth is the pose model's estimate.
The curves are as the points show them; a metric takes known errors of the points out, so its number may differ a
little from the mean or the range of its curve.
""")
