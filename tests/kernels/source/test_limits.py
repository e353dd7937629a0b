import time

from jupyter_aichat.kernels.source import text
from tests.kernels.source.kernel import Kernel

OBJECTS = """
import time, sys
class Slow:
    def __repr__(self): time.sleep(30)
class Stubborn:
    def __repr__(self):
        for _ in range(20):
            try: time.sleep(30)
            except Exception: pass
class Busy:
    def __repr__(self):
        while True: pass
class Deep:
    def __repr__(self): return repr(self)
class Large:
    def __repr__(self): return "x" * 100_000_000
class Failing:
    def __repr__(self): raise ValueError("no")
class Leaving:
    def __repr__(self): sys.exit()
class Printing:
    def __repr__(self):
        print("printed"); print("printed", file=sys.stderr)
        return "<printing>"
class Plain: ...
class Text(str):
    def __len__(self): return 5
    def __getitem__(self, key): raise ValueError
class Tricky:
    def __repr__(self): return Text("tricky")
"""


def test_texts_of_objects_are_limited_in_time_and_length(kernel: Kernel) -> None:
    """Texts that sleep, spin, recurse, fail, leave, print or have 100 MB cost little and harm nothing."""
    kernel.run(OBJECTS)
    kernel.run(
        "slow, stubborn, busy, deep, large, failing, leaving, printing, plain, tricky = "
        "Slow(), Stubborn(), Busy(), Deep(), Large(), Failing(), Leaving(), Printing(), Plain(), Tricky()"
    )
    started = time.monotonic()
    told = {v["name"]: v for v in kernel.ask("inspect_variables", level="rows")["variables"]}
    assert time.monotonic() - started < 5
    assert {name for name, v in told.items() if "took longer" in v.get("note", "")} == {
        "slow",
        "stubborn",
        "busy",
    }
    assert "RecursionError" in told["deep"]["note"]
    assert "ValueError" in told["failing"]["note"]
    assert "SystemExit" in told["leaving"]["note"]
    assert (len(told["large"]["repr"]), told["large"]["repr_length"]) == (200, 100_000_000)
    assert told["printing"]["repr"] == "<printing>"
    assert told["tricky"]["repr"] == "tricky"
    assert set(told["plain"]) == {"name", "type", "module", "kind"}


def test_many_slow_texts_share_one_budget(kernel: Kernel) -> None:
    """A hundred objects whose texts sleep do not cost a hundred times the limit."""
    kernel.run(OBJECTS + "for i in range(100):\n    globals()[f'slow{i}'] = Slow()")
    started = time.monotonic()
    told = kernel.ask("inspect_variables", level="rows", seconds=1)
    assert time.monotonic() - started < 4
    assert len(told["variables"]) == 101  # with `i`


def test_the_users_alarm_is_left_alone(kernel: Kernel) -> None:
    """Where the user has set an alarm, texts are not made, and the alarm still rings; a handler stays as it was."""
    kernel.run(
        OBJECTS + "import signal\nrung = []\nslow = Slow()\n"
        "signal.signal(signal.SIGALRM, lambda *_: rung.append(1))\nsignal.setitimer(signal.ITIMER_REAL, 1000)"
    )
    told = kernel.ask("inspect_variables", names=["slow"], level="rows")["variables"][0]
    assert "no time limit" in told["note"]
    kernel.run("assert signal.setitimer(signal.ITIMER_REAL, 0)[0] > 900")
    assert (
        "took longer" in kernel.ask("inspect_variables", names=["slow"], level="rows")["variables"][0]["note"]
    )
    kernel.run(
        "signal.raise_signal(signal.SIGALRM)\nassert rung == [1]\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)"
    )


def test_outside_the_main_thread_no_text_is_made(kernel: Kernel) -> None:
    """In another thread, where no time limit can be kept, objects are told by their type only."""
    kernel.run(
        OBJECTS + f"slow = Slow()\nspace, told = {{}}, []\nexec({text('inspect_variables')!r}, space)\n"
        "import threading\nlook = lambda: told.append(space['main']({'names': ['slow'], 'level': 'rows'}))\n"
        "thread = threading.Thread(target=look); thread.start(); thread.join(20)"
    )
    assert "no time limit" in kernel.value("told[0]['variables'][0]['note']")


def test_an_interrupt_still_interrupts(kernel: Kernel) -> None:
    """A person's interrupt while a text is being made ends the inspection instead of being swallowed."""
    kernel.run(
        "import signal\nclass Interrupted:\n    def __repr__(self): signal.raise_signal(signal.SIGINT)\nit = Interrupted()\n"
        f"space = {{}}\nexec({text('inspect_variables')!r}, space)\n"
        "try: space['main']({'names': ['it'], 'level': 'rows'})\nexcept KeyboardInterrupt: ended = True"
    )
    assert kernel.value("ended") is True
