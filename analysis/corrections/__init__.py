"""What a person puts right, and the file that it comes in.

The file is a JSON list.  Positions are pixels [x, y] of the upright full frame, y down from the top; times are media
time in seconds, as a player shows them.  Every item may carry ``"by"``, a name to show.  Kinds:

- ``{"kind": "view", "view": "side"|"rear"|"front"}``: from where it was filmed.
- ``{"kind": "speed", "speed_mps"}``: belt or ground speed.
- ``{"kind": "slow_motion", "factor"}`` or ``{..., "true_fps"}``: how many times slower than life the clip plays, or at
  how many pictures a second it was filmed.  1 = real time.
- ``{"kind": "runner", "t_s", "at"}``: who is to be followed: a point on that person in one frame.
- ``{"kind": "stretch", "start_s", "end_s"|null}``: what is to be measured; without an end, what follows the start.
- ``{"kind": "event", "event": "foot_strike"|"toe_off", "side", "action": "move"|"add"|"remove", "t_s", "to_s"|null}``:
  ``to_s`` where a moved event belongs.
- ``{"kind": "landmark", "t_s", "point", "to"}``: a landmark (BlazePose number) dragged to its place on a frame.

Of view, speed, slow motion, runner and stretch the last one counts; events and landmarks add up, and of two drags of
one landmark on one frame the last one counts.
"""

from analysis.corrections.items import NOTHING, Corrections, EventFix, PointFix, read_corrections

__all__ = ["NOTHING", "Corrections", "EventFix", "PointFix", "read_corrections"]
