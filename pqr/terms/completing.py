"""Until when may the person be asked for what lacks, and how long have they to send it?

CPACA art. 17; a claim about personal data has its own numbers (Ley 1581 de 2012 art. 15 num. 1).
"""

from dataclasses import dataclass

from pqr.terms.kinds import STEPS, Term, TicketKind


@dataclass(frozen=True)
class Completing:
    """`ask`: the days to ask, after receipt. `supply`: the person's time since; its extension, on asking for it.

    `article`: the norm in brackets; `cited`: in a sentence. `event`: how asking is recorded.
    """

    ask: Term
    supply: Term
    article: str
    cited: str
    event: str


_ANY = Completing(
    STEPS["requerimiento_completar"], STEPS["plazo_completar_1m"], "CPACA, art. 17",
    "artículo 17 de la Ley 1437 de 2011", "completion_requested",
)  # fmt: skip
_CLAIM = Completing(
    STEPS["requerimiento_reclamo"], STEPS["plazo_corregir_reclamo_2m"], "Ley 1581 de 2012, art. 15, núm. 1",
    "artículo 15 de la Ley 1581 de 2012", "data_claim_fix_requested",
)  # fmt: skip


def completing(code: str) -> Completing:
    """Of a petition of this kind."""
    return _CLAIM if code == TicketKind.HABEAS_DATA_RECLAMO else _ANY
