"""The report of a FormCheck on paper."""

from runform.reports.exports.pdf.build import check_pdf

__all__ = ["check_pdf"]
