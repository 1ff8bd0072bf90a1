"""Which petitions may get one answer together, and how many persons must have asked?  CPACA art. 22. Pure.

Copies and documents are not in the article: they are handed to each person. Nor is a complaint or a report.
"""

from pqr.terms.kinds import TicketKind

SOURCE = "CPACA, art. 22"
FEWEST_PERSONS = 11  # "más de diez personas"
GROUPED_KINDS = frozenset({TicketKind.INFORMACION, TicketKind.PETICION_GENERAL, TicketKind.CONSULTA})
