"""Until when is a closed case kept?"""

from datetime import date

import pytest

from pqr.terms.retention import Disposition, Retention, kept_until


@pytest.mark.parametrize(
    ("closed_on", "years", "disposition", "until"),
    [
        (date(2026, 3, 3), (2, 8), Disposition.SELECT, date(2036, 3, 3)),
        (date(2024, 2, 29), (2, 3), Disposition.DISCARD, date(2029, 2, 28)),
        (date(2026, 12, 31), (0, 0), Disposition.DISCARD, date(2026, 12, 31)),
        (date(2026, 3, 3), (2, 8), Disposition.KEEP, None),
    ],
)
def test_the_years_of_both_archives_run_from_the_closing(closed_on, years, disposition, until):
    assert kept_until(closed_on, Retention(*years, disposition)) == until
