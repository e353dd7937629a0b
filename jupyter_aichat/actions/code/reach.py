"""What reaches outside the kernel, by name: files, network, other programs; and what can reach anything."""

from __future__ import annotations

import re
from typing import Literal

__all__ = [
    "FILE_FUNCTIONS",
    "FILE_METHODS",
    "HANDLE_METHODS",
    "PATH_METHODS",
    "PATH_PURE",
    "REASONS",
    "TEXT_ALLOWED",
    "URL",
    "Access",
    "network",
    "shell",
]

Access = Literal["read", "write", "unclear"]

URL = re.compile(
    r"\b(?:https?|ftps?|sftp|s3a?|gs|gcs|abfss?|az|wss?|ssh|hdfs|hf|gopher|file|ldap)://[^\s'\"<>)\]}]*",
    re.IGNORECASE,
)
"""An address in a text."""


def _all(access: Access, names: str, prefix: str = "") -> dict[str, tuple[Access, int]]:
    return {prefix + name: (access, 0) for name in names.split()}


FILE_FUNCTIONS: dict[str, tuple[Access, int]] = (
    _all(
        "read",
        """read_csv read_excel read_feather read_fwf read_hdf read_json read_orc read_parquet read_sas read_spss read_stata
        read_table read_xml read_html ExcelFile HDFStore""",
        "pandas.",
    )
    | _all(
        "read",
        """read_avro read_csv read_csv_batched read_delta read_excel read_ipc read_json read_ndjson read_ods read_parquet
        read_parquet_schema scan_csv scan_delta scan_ipc scan_ndjson scan_parquet""",
        "polars.",
    )
    | _all("read", "load loadtxt genfromtxt fromfile memmap", "numpy.")
    | _all("write", "save savez savez_compressed savetxt", "numpy.")
    | _all("write", "matplotlib.pyplot.savefig matplotlib.pyplot.imsave")
    | _all("read", "matplotlib.pyplot.imread IPython.display.Image")
    | _all(
        "write",
        """chmod chown link makedirs mkdir mkfifo remove removedirs rename renames replace rmdir symlink truncate unlink
        utime""",
        "os.",
    )
    | _all("read", "access listdir lstat readlink scandir stat walk", "os.")
    | _all("read", "exists getmtime getsize isdir isfile islink realpath samefile", "os.path.")
    | _all(
        "write",
        "chown copy copy2 copyfile copymode copystat copytree make_archive move rmtree unpack_archive",
        "shutil.",
    )
    | _all("read", "disk_usage which", "shutil.")
    | _all("read", "glob.glob glob.iglob linecache.getline linecache.getlines")
    | _all(
        "write",
        """tempfile.NamedTemporaryFile tempfile.TemporaryFile tempfile.TemporaryDirectory tempfile.mkdtemp
        tempfile.mkstemp sqlite3.connect shelve.open fileinput.input mmap.mmap""",
    )
    | _all(
        "unclear",
        "builtins.open io.open codecs.open gzip.open bz2.open lzma.open zipfile.ZipFile tarfile.open os.open",
    )
    | _all("unclear", "gzip.GzipFile bz2.BZ2File lzma.LZMAFile openpyxl.load_workbook")
)
"""Functions that touch a file: how, and which argument names it. `unclear`: the mode says it."""

FILE_METHODS: dict[str, bool] = dict.fromkeys(
    """dump save savefig sink_csv sink_ipc sink_ndjson sink_parquet to_clipboard to_excel to_feather to_file to_gbq to_hdf
    to_iceberg to_netcdf to_orc to_parquet to_pickle to_sql to_stata to_xml tofile write_avro write_clipboard write_csv
    write_database write_delta write_excel write_html write_iceberg write_image write_ipc write_ipc_stream write_json
    write_ndjson write_parquet""".split(),
    True,
) | dict.fromkeys(
    "to_csv to_html to_json to_latex to_markdown to_string write_csv write_json write_ndjson".split(), False
)
"""Methods that write a file. False: only where they are given a name or a buffer; else they return text."""

PATH_METHODS: dict[str, Access] = dict.fromkeys(
    """chmod hardlink_to lchmod link_to mkdir rename replace rmdir symlink_to touch unlink write_bytes
    write_text copy copy_into move move_into""".split(),
    "write",
) | dict.fromkeys(
    """exists glob is_dir is_file is_symlink iterdir lstat read_bytes read_text readlink resolve rglob samefile stat walk
    owner group""".split(),
    "read",
)  # type: ignore[assignment]  # `dict.fromkeys` takes the literal for any text
"""Methods of a `Path` that touch the disk."""

PATH_PURE = frozenset(
    """absolute as_posix as_uri expanduser is_absolute is_relative_to joinpath match relative_to with_name with_stem
    with_suffix cwd home""".split()
)
"""Methods of a `Path` that only reckon with names."""

HANDLE_METHODS = frozenset(
    """close flush read read1 readable readline readlines seek tell truncate writable write writelines isatty fileno
    namelist infolist getvalue sheet_names""".split()
)
"""Methods of a file that the code itself has opened: the opening has said all."""

TEXT_ALLOWED = frozenset({"__main__", "__name__", "__version__"})

REASONS = {
    "builtins.__build_class__": "builds a class by hand",
    "builtins.__import__": "imports a module by name at run time",
    "builtins.breakpoint": "starts a debugger",
    "builtins.compile": "makes code from text",
    "builtins.delattr": "removes an attribute by name",
    "builtins.dir": "lists names of objects",
    "builtins.eval": "runs a text as code",
    "builtins.exec": "runs a text as code",
    "builtins.exit": "ends the kernel",
    "builtins.get_ipython": "takes hold of IPython itself",
    "builtins.globals": "takes hold of all names at once",
    "builtins.help": "asks for input",
    "builtins.input": "asks for input, which nobody can give",
    "builtins.locals": "takes hold of all names at once",
    "builtins.memoryview": "writes into memory",
    "builtins.quit": "ends the kernel",
    "builtins.setattr": "sets an attribute by name",
    "builtins.vars": "takes hold of all names at once",
    "builtins.copyright": "asks for input",
    "builtins.license": "asks for input",
    "IPython.get_ipython": "takes hold of IPython itself",
    "IPython.display.HTML": "shows HTML, which can run in the browser",
    "IPython.display.Javascript": "runs JavaScript in the browser",
    "IPython.display.IFrame": "shows another page",
    "asyncio": "starts work that goes on after the cell",
    "builtins.__builtins__": "takes hold of Python's own functions",
    "cloudpickle": "loads objects that can run code",
    "ctypes": "reaches into memory",
    "dill": "loads objects that can run code",
    "gc": "reaches every object of the kernel",
    "importlib": "imports modules at run time",
    "inspect": "looks into other code's state",
    "joblib": "loads objects that can run code",
    "marshal": "loads code",
    "multiprocessing": "starts other processes",
    "numpy.ctypeslib": "reaches into memory",
    "numpy.f2py": "compiles code",
    "os.environ": "reads or changes environment variables, where keys are kept",
    "os.chdir": "changes the kernel's folder",
    "os.getenv": "reads environment variables, where keys are kept",
    "os.putenv": "changes environment variables",
    "pandas.eval": "runs a text as code",
    "pandas.read_clipboard": "reads the clipboard",
    "pandas.read_gbq": "talks to a database",
    "pandas.read_pickle": "loads objects that can run code",
    "pandas.read_sql": "talks to a database",
    "pandas.read_sql_query": "talks to a database",
    "pandas.read_sql_table": "talks to a database",
    "pandas.set_option": "changes the kernel's settings",
    "pickle": "loads objects that can run code",
    "polars.read_database": "talks to a database",
    "polars.read_database_uri": "talks to a database",
    "polars.sql": "runs a text as code",
    "runpy": "runs another file",
    "seaborn.load_dataset": "fetches a file from the network",
    "shelve": "loads objects that can run code",
    "signal": "changes how the kernel is interrupted",
    "sys.modules": "takes hold of loaded modules",
    "sys.path": "changes where modules are found",
    "sys.exit": "ends the cell",
    "sys.setprofile": "watches all code",
    "sys.settrace": "watches all code",
    "sys._getframe": "looks into other code's state",
    "threading": "starts work that goes on after the cell",
    "torch": "loads objects that can run code",
    "types": "makes code objects",
    "warnings.filterwarnings": "changes which warnings the kernel shows",
    "warnings.simplefilter": "changes which warnings the kernel shows",
    "webbrowser": "opens a browser",
}
"""Why something is not let through, by its dotted name or the module it is in."""

_NETWORK = frozenset(
    """aiohttp anthropic azure boto3 botocore datasets fsspec ftplib gcsfs google grpc http httplib2 httpx huggingface_hub
    imaplib ldap3 nntplib openai paramiko poplib psycopg psycopg2 pymongo pymysql pyodbc redis requests s3fs smtplib socket
    socketserver sqlalchemy ssl telnetlib urllib urllib3 websocket websockets xmlrpc yfinance zmq""".split()
)
_SHELL = frozenset("commands pexpect pip plumbum pty sh subprocess".split())
_SHELL_OS = re.compile(
    r"os\.(?:system|popen|exec\w*|spawn\w*|posix_spawnp?|fork\w*|kill\w*|startfile|abort|_exit|setuid)$"
)


def network(path: str) -> bool:
    """Whether the dotted name belongs to a module that talks to other machines."""
    return path.split(".", maxsplit=1)[0] in _NETWORK and not path.startswith("urllib.parse")


def shell(path: str) -> bool:
    """Whether the dotted name starts another program, or ends this one."""
    return path.split(".", maxsplit=1)[0] in _SHELL or bool(_SHELL_OS.match(path))
