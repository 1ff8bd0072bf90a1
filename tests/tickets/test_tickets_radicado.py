"""How is a number written, and is it found however people write it?"""

import pytest

from pqr.tickets.radicado import find_radicado, format_radicado


@pytest.mark.parametrize(
    ("year", "series", "number", "written"),
    [(2026, "E", 1, "2026-E-000001"), (2026, "S", 45, "2026-S-000045"), (2026, "E", 1234567, "2026-E-1234567")],
)
def test_a_number_has_six_digits_or_more(year, series, number, written):
    assert format_radicado(year, series, number) == written


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Re: 2026-E-000123", "2026-E-000123"),
        ("mi caso 2026-e-123", "2026-E-000123"),
        ("2026 E 000123", "2026-E-000123"),
        ("2026–E–000123", "2026-E-000123"),
        ("radicado 2026/E/123.", "2026-E-000123"),
        ("respuesta 2026-S-000045", "2026-S-000045"),
        ("dos: 2026-E-000001 y 2026-E-000002", "2026-E-000001"),
        ("Ley 1755 de 2015", None),
        ("año 2026", None),
        ("2026-X-000123", None),
        ("12026-E-000123", None),
        ("", None),
    ],
)
def test_a_number_is_found_in_a_subject(text, found):
    assert find_radicado(text) == found
