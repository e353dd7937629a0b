"""A kernel for each module of tests, empty again for each test."""

from collections.abc import Iterator

import pytest

from tests.kernels.source.kernel import Kernel, started


@pytest.fixture(scope="module")
def _kernel() -> Iterator[Kernel]:
    with started() as kernel:
        yield kernel


@pytest.fixture
def kernel(_kernel: Kernel) -> Kernel:
    """A kernel in which the user has named nothing."""
    _kernel.run("%reset -f")
    return _kernel
