"""Find the runner's landmarks in a clip with MediaPipe's PoseLandmarker.

`find` goes through a clip, `lanes` tracks in two lanes at once, `people` says who else is there, `places` turns shares
of the picture into landmarks, `tracker` is MediaPipe itself.
"""

from analysis.pose.find import find_landmarks, look_once, people_in
from analysis.pose.people import Person
from analysis.pose.places import Region
from analysis.pose.tracker import POSE_SIDE_PX, quiet_libraries

__all__ = ["POSE_SIDE_PX", "Person", "Region", "find_landmarks", "look_once", "people_in", "quiet_libraries"]
