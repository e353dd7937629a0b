"""A table of orders that the analyses are tested on, and the same rows for plain Python."""

import csv
import io
import random
from datetime import date, timedelta

import pytest

from jupyter_aichat.tables import Table, read_table

Row = dict[str, str]


def _orders() -> str:
    rng = random.Random(7)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "date", "region", "product", "quantity", "price", "revenue", "rating"])
    rows = []
    for number in range(400):
        day = date(2025, 1, 3) + timedelta(days=rng.randrange(500))
        quantity, price = rng.randint(1, 9), rng.choice([1990, 25500, 120000])
        region = rng.choice(["Seoul", "Busan", "Daegu", "Jeju", ""])
        rating = rng.choice(["1.5", "3.25", "4.0", "4.75", ""])
        row = [f"{number:05d}", day.isoformat(), region, rng.choice("ABCDEFGHIJKLM"), quantity, price]
        rows.append([*row, quantity * price, rating])
    rows += rows[:3]
    writer.writerows(rows)
    return out.getvalue()


ORDERS = _orders()


@pytest.fixture(scope="session")
def table() -> Table:
    """The orders as a table."""
    return read_table(ORDERS.encode(), "orders.csv")


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    """The orders as plain Python reads them."""
    return list(csv.DictReader(io.StringIO(ORDERS)))
