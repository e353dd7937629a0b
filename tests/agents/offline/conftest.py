"""The desks that the offline agents are tested at."""

import pytest

from tests.agents.offline.desk import EN, KO, Desk


@pytest.fixture
def english() -> Desk:
    """One table with English names."""
    return Desk(EN)


@pytest.fixture
def korean() -> Desk:
    """One table with Korean names, in CP949."""
    return Desk(KO)


@pytest.fixture
def both() -> Desk:
    """Two tables to choose from."""
    return Desk(EN | KO)
