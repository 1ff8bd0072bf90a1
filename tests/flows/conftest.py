"""What every flow needs."""

from collections.abc import Iterator

import pytest

from tests.sink import Sink, sink


@pytest.fixture
def relay() -> Iterator[Sink]:
    """Where the letters go."""
    with sink() as kept:
        yield kept
