"""The door of the package."""

import subprocess
import sys


def test_polars_is_loaded_with_the_first_table_and_not_before() -> None:
    """The server's start does not pay for tables that nobody reads."""
    program = (
        "import sys, jupyter_aichat.tables as t\n"
        "assert not {'polars', 'fastexcel'} & set(sys.modules), 'too early'\n"
        "t.read_table(b'a\\n1\\n', 't.csv')\n"
        "assert 'polars' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
