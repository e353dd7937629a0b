"""What a person sees: the answer on stdout, everything else on stderr."""

import pytest

from jupyter_aichat.terminal.screen import Screen, visible
from tests.terminal.streams import Pipe, Terminal


def test_answer_goes_to_stdout_as_it_comes() -> None:
    """Pieces join without anything between; messages are paragraphs; the last line is ended."""
    out, err = Pipe(), Pipe()
    screen = Screen(out, err, verbose=False)
    for message, piece in (("m1", "I will "), ("m1", "look."), ("m2", "It has "), ("m2", "12 rows.")):
        screen.text(message, piece)
    screen.end()
    assert out.getvalue() == "I will look.\n\nIt has 12 rows.\n"
    assert err.getvalue() == ""


def test_answer_that_ends_its_line_gets_no_second_end() -> None:
    """A newline that is there is enough."""
    out = Pipe()
    screen = Screen(out, Pipe(), verbose=False)
    screen.text("m1", "done\n")
    screen.end()
    assert out.getvalue() == "done\n"


def test_notes_appear_on_a_terminal_or_when_asked_for() -> None:
    """A script's stderr stays empty; a person sees what goes on, in dim letters."""
    piped, asked, terminal = Pipe(), Pipe(), Terminal()
    for err, verbose in ((piped, False), (asked, True), (terminal, False)):
        Screen(Pipe(), err, verbose=verbose).note("Analysing\nsales.csv…")
    assert piped.getvalue() == ""
    assert asked.getvalue() == "Analysing sales.csv…\n"
    assert terminal.getvalue() == "\x1b[2mAnalysing sales.csv…\x1b[0m\n"


def test_note_does_not_stand_in_the_middle_of_a_line() -> None:
    """Where both streams are one terminal, a note begins on a line of its own."""
    both = Terminal()
    screen = Screen(both, both, verbose=False)
    screen.text("m1", "I will")
    screen.note("Analysing…")
    screen.text("m2", "Done.")
    screen.end()
    assert both.getvalue() == "I will\n\x1b[2mAnalysing…\x1b[0m\n\nDone.\n"


def test_specialists_are_heard_by_those_who_ask_for_it() -> None:
    """Specialists' words go to stderr, under their name, and only with `verbose`."""
    quiet, loud, out = Pipe(), Pipe(), Pipe()
    Screen(out, quiet, verbose=False).aside("analyst", "m2", "aha")
    screen = Screen(out, loud, verbose=True)
    for piece in ("Twelve ", "rows."):
        screen.aside("analyst", "m2", piece)
    screen.aside("writer", "m3", "Nice.")
    screen.text("m4", "Yes.")
    assert quiet.getvalue() == ""
    assert loud.getvalue() == "analyst:\nTwelve rows.\nwriter:\nNice.\n"
    assert out.getvalue() == "Yes."


def test_failure_is_always_said() -> None:
    """Why there is no answer goes to stderr, terminal or not."""
    out, err = Pipe(), Pipe()
    screen = Screen(out, err, verbose=False)
    screen.text("m1", "half")
    screen.failure("h sent nothing for 120 s.")
    assert (out.getvalue(), err.getvalue()) == ("half\n", "h sent nothing for 120 s.\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;ZXZpbA==\x07", "␛]52;c;ZXZpbA==␇"),
        ("\x1b[2J", "␛[2J"),
        ("a\rb", "a␍b"),
        ("\x9b31m", "\\u009b31m"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("a\u200bb", "a\\u200bb"),
        ("줄\n칸\t🙂 👩‍💻", "줄\n칸\t🙂 👩‍💻"),
    ],
)
def test_control_characters_are_shown_and_not_obeyed(text: str, shown: str) -> None:
    """What a model writes steers no terminal and hides nothing; letters, emoji, newlines and tabs stay."""
    assert visible(text) == shown


def test_pipe_gets_the_answer_byte_for_byte() -> None:
    """A program that reads the answer gets what the model wrote; a terminal gets it made visible."""
    pipe, terminal = Pipe(), Terminal()
    for out in (pipe, terminal):
        Screen(out, Pipe(), verbose=False).text("m1", "a\x1b[2Jb")
    assert pipe.getvalue() == "a\x1b[2Jb"
    assert terminal.getvalue() == "a␛[2Jb"


def test_names_in_notes_are_made_visible_too() -> None:
    """A file's name, a status or an error steers no terminal either."""
    err = Pipe()
    screen = Screen(Pipe(), err, verbose=True)
    screen.note("Analysing \x1b[31msales.csv")
    screen.failure("no \x1b[31m")
    assert "\x1b" not in err.getvalue()
