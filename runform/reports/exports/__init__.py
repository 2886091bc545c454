"""What can be taken away of a report.  A new format: a function here or in a file of its own, and a line in FORMATS.

Every function gets a report whose rows are loaded, asks the database nothing, and gives the file in parts: the zip of
a whole FormCheck is sent while it is made.
"""

from runform.reports.exports.formats import FORMATS, Format

__all__ = ["FORMATS", "Format"]
