"""A kernel for each module of tests, empty again for each test."""

from collections.abc import Iterator

import pytest

from tests.kernels.source.kernel import Kernel, started

# as `%reset -f`, which also collects garbage and takes a third of a second
_EMPTIED = (
    "(lambda space, own: [space.pop(name) for name in [*space] if name not in own] and None)"
    "(get_ipython().user_ns, get_ipython().user_ns_hidden)"
)


@pytest.fixture(scope="module")
def _kernel() -> Iterator[Kernel]:
    with started() as kernel:
        yield kernel


@pytest.fixture
def kernel(_kernel: Kernel) -> Kernel:
    """A kernel in which the user has named nothing."""
    _kernel.value(_EMPTIED)
    return _kernel
