"""A short text that changes when a value's content does. Bounded: what is too large or unknown gets none."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

from jupyter_aichat.kernels.source._asked import is_missing
from jupyter_aichat.kernels.source._limits import Budget
from jupyter_aichat.kernels.source._pandas import multi_levels
from jupyter_aichat.kernels.source._types import (
    container_kind,
    container_length,
    exactly,
    first_items,
    is_a,
    kind_of,
    library,
    name_of,
    scalar_kind,
)
from jupyter_aichat.kernels.source._values import plain

MOST_BYTES = 64_000_000
"""Of one array."""
ALL_BYTES = 400_000_000
"""Of one snapshot."""
MOST_ITEMS = 100_000
"""Of one container, nested ones included, and of a column of Python objects."""
SAMPLED = 4_096


class Effort:
    """How much may still be read for this snapshot."""

    def __init__(self, seconds: float) -> None:
        self.budget = Budget(seconds)
        self.bytes = ALL_BYTES

    def affords(self, size: int) -> bool:
        """Whether so many bytes may be read; if so they count."""
        if size > MOST_BYTES or size > self.bytes or not self.budget.left():
            return False
        self.bytes -= size
        return True


class Digest:
    """The content of one value, read piece by piece. Of a piece that is too large only a part is read."""

    def __init__(self) -> None:
        self.hash = hashlib.blake2b(digest_size=8)
        self.pieces = 0
        self.partly = ""

    def add(self, data: Any) -> None:
        """Read bytes."""
        self.pieces += 1
        self.hash.update(data)

    def skip(self, how: str) -> None:
        """Note that what comes next is not read whole, and how it is read instead."""
        self.partly += f"{self.pieces}{how}"

    @property
    def exact(self) -> bool:
        """Whether all was read."""
        return not self.partly

    def text(self) -> str:
        """What stands for all that was read. Behind "~" stands which part that was: only alike ones compare."""
        read = self.hash.hexdigest()
        return f"{read}~{zlib.crc32(self.partly.encode()):x}" if self.partly else read


def add_array(digest: Digest, array: Any, effort: Effort) -> None:
    """Read an array of numpy: all of it where that is affordable, else an even sample."""
    numpy = library("numpy")
    digest.add(f"{array.dtype}{array.shape}".encode())
    if array.dtype.hasobject:
        add_objects(digest, array, effort)
        return
    if not effort.affords(int(array.nbytes)):
        digest.skip("sample")
        if exactly(array, "numpy", "memmap") or not array.size:
            return
        array = array.flat[:: max(1, array.size // SAMPLED)]
    digest.add(numpy.ascontiguousarray(array).view(numpy.uint8).reshape(-1).data if array.size else b"")


def add_objects(digest: Digest, array: Any, effort: Effort) -> None:
    """Read Python objects: their content where they are simple and not too many, else which objects they are."""
    if array.dtype.names is None and array.size <= MOST_ITEMS and effort.affords(int(array.nbytes) * 8):
        left = [MOST_ITEMS]
        for value in array.flat:
            add_value(digest, value, left)
        return
    digest.skip("addresses")
    if array.dtype.names is None and effort.affords(int(array.nbytes)):
        digest.add(array.tobytes())  # the addresses of the objects


def add_value(digest: Digest, value: Any, left: list[int], depth: int = 6) -> None:
    """Read a Python value; of what is not known only which object it is."""
    left[0] -= 1
    if left[0] < 0 or depth < 0:
        digest.skip("end")
        return
    kind = scalar_kind(value)
    if kind == "text":
        digest.add(b"s" + str.encode(value, "utf-8", "surrogatepass") + b"\0")
    elif kind == "bytes":
        digest.add(b"b" + bytes(value) + b"\0")
    elif kind == "value" or is_missing(value):
        simple = value if type(value) is int else plain(value)
        digest.add(
            f"{name_of(type(value))}:{simple:x};".encode() if type(value) is int else f"{simple!r};".encode()
        )
    elif container_kind(value):
        size = container_length(value)
        digest.add(f"{name_of(type(value))}{size}[".encode())
        for item in first_items(value, min(size, max(left[0], 0) + 1)):
            add_value(digest, item, left, depth - 1)
    else:
        digest.skip("identity")
        digest.add(f"{name_of(type(value))}@{id(value)};".encode())


def add_series(digest: Digest, series: Any, effort: Effort) -> None:
    """Read the values of a Series of pandas, in the form that their kind of array keeps them in."""
    add_pandas_array(digest, series.array, effort)


def add_pandas_array(digest: Digest, array: Any, effort: Effort) -> None:
    """Read an array of pandas."""
    kind = name_of(type(array))
    arrow = getattr(array, "_pa_array", None)
    if kind == "Categorical":
        add_array(digest, array.codes, effort)
        add_pandas_array(digest, array.categories[:].array, effort)
    elif arrow is not None:
        add_arrow(digest, arrow, effort)
    elif is_a(getattr(array, "_ndarray", None), library("numpy").ndarray):
        add_array(digest, array._ndarray, effort)  # noqa: SLF001  a copy would cost memory
    elif getattr(array, "_mask", None) is not None:
        add_array(digest, array._data, effort)  # noqa: SLF001  pandas shows it no other way without a copy
        add_array(digest, array._mask, effort)  # noqa: SLF001  the same
    else:
        digest.skip("nothing")


def add_arrow(digest: Digest, chunked: Any, effort: Effort) -> None:
    """Read the buffers of a chunked array of pyarrow. They never change: in-place changes make new ones."""
    for chunk in chunked.chunks:
        digest.add(f"{chunk.type}{len(chunk)}@{chunk.offset}".encode())
        for buffer in chunk.buffers():
            if buffer is None:
                continue
            if not effort.affords(int(buffer.size)):
                digest.skip("address")
                digest.add(f"{buffer.address}".encode())
            else:
                digest.add(memoryview(buffer))


def add_index(digest: Digest, index: Any, effort: Effort) -> None:
    """Read an index of pandas without filling its caches."""
    if exactly(index, "pandas", "RangeIndex"):
        digest.add(f"{index.start}:{index.stop}:{index.step}".encode())
    elif exactly(index, "pandas", "MultiIndex"):
        for level, codes in multi_levels(index):
            add_array(digest, codes, effort)
            add_index(digest, level, effort)
    else:
        add_pandas_array(digest, index[:].array, effort)


def add_polars(digest: Digest, frame: Any, effort: Effort) -> None:
    """Read a DataFrame of polars by hashes of its rows, their order included."""
    if any(str(dtype).startswith("Object") for dtype in frame.dtypes) or not effort.affords(
        int(frame.estimated_size())
    ):
        digest.skip("nothing")
        return
    if not frame.width or not frame.height:
        return
    rows = frame.hash_rows(seed=1).alias("hash")
    order = library("polars").Series("order", range(frame.height))
    digest.add(f"{rows.to_frame().with_columns(order).hash_rows(seed=2).sum()}".encode())


def fingerprint(value: Any, effort: Effort) -> tuple[str | None, bool]:
    """The fingerprint of a value that is no table, and whether it covers all of it."""
    digest, kind = Digest(), kind_of(value)
    if kind == "array":
        add_array(digest, value, effort)
    elif kind == "index":
        add_index(digest, value, effort)
    elif kind == "text" and container_length(value) > MOST_BYTES:
        digest.skip("nothing")
    elif kind in {"text", "bytes", "value", "mapping", "sequence", "set"} and effort.budget.left():
        add_value(digest, value, [MOST_ITEMS])
    else:
        return None, False
    return digest.text(), digest.exact
