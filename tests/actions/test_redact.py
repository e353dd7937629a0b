"""Secrets that must not travel."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aichat.actions.redact import redact

OPENAI = "sk-" + "proj-" + "aB3" * 12
GITHUB = "ghp_" + "A1b2" * 9
AWS = "AKIA" + "IOSFODNN7EXAMPLE"
JWT = "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjM0In0." + "SflKxwRJSMeKKF2QT4"
PEM = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow\nIBAA\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "API key": [
        OPENAI,
        "sk-ant-api03-" + "x_-9" * 10,
        "AIza" + "Sy" * 17 + "x",
        "sk_live_" + "4eC39HqLyjWD" * 2,
    ],
    "access token": [
        GITHUB,
        "github_pat_" + "11ABC" * 8,
        "glpat-" + "x1" * 10,
        "hf_" + "aB" * 17,
        "xoxb-12345678-abcdef",
    ],
    "AWS key": [AWS],
    "JSON web token": [JWT],
    "private key": [PEM],
}


@pytest.mark.parametrize(
    ("kind", "secret"), [(kind, one) for kind, several in SECRETS.items() for one in several]
)
@pytest.mark.parametrize(
    "around", ["{}", "키는 {} 입니다.", "OPENAI_API_KEY='{}'", '{{"a": "{}"}}', "x={}\ny"]
)
def test_a_key_of_a_known_format_is_taken_out(kind: str, secret: str, around: str) -> None:
    """Whatever stands around it stays, and the kind and number are said."""
    found = redact(around.format(secret))
    assert found.text == around.format(f"⟨redacted: {kind}⟩")
    assert (dict(found.counts), found.total) == ({kind: 1}, 1)


def test_the_other_half_of_an_aws_key_is_known_by_its_name() -> None:
    """Forty characters alone could be anything."""
    found = redact("aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY")
    assert found.text == "aws_secret_access_key = ⟨redacted: AWS key⟩"


def test_a_password_in_an_address_is_taken_out_and_the_rest_stays() -> None:
    """The host is what a person needs to see."""
    found = redact("postgresql://kim:s3cr3t!@db.example:5432/sales?x=1")
    assert found.text == "postgresql://kim:⟨redacted: password in an address⟩@db.example:5432/sales?x=1"


def test_tokens_of_the_server_are_taken_out() -> None:
    """Given ones wherever they stand, others in the places where Jupyter writes them."""
    token = "0a1b2c3d" * 6
    assert token not in redact(f"see {token} and {token}", tokens=[token]).text
    assert redact(f"see {token} and {token}", tokens=[token]).counts == {"token": 2}
    assert redact(f"http://localhost:8888/lab?token={token}").text.endswith(
        "?token=⟨redacted: Jupyter token⟩"
    )
    assert token not in redact(f"Authorization: Bearer {token}").text


def test_values_of_variables_that_speak_of_a_key_are_taken_out() -> None:
    """In the text, in its address form and in a repr; not those of other variables."""
    environment = {
        "MY_SERVICE_KEY": "hunter2&hunter2",
        "DB_PASSWORD": 'p"w\nd-한글-12',
        "HOME": "/home/kim-and-lee",
        "SSH_AUTH_SOCK": "/tmp/ssh-abcdefgh",  # noqa: S108  # a value, no file
        "TOKEN_COUNT_LIMIT": "12345678",
        "AUTH_KIND": "identity",
        "SHORT_KEY": "abc",
    }
    text = f"{environment} hunter2&hunter2 hunter2%26hunter2"
    found = redact(text, environment)
    assert "hunter2" not in found.text
    assert 'p"w' not in redact(environment["DB_PASSWORD"], environment).text
    for name in ("HOME", "SSH_AUTH_SOCK", "TOKEN_COUNT_LIMIT", "AUTH_KIND", "SHORT_KEY"):
        assert environment[name] in found.text
    assert set(found.counts) == {"environment variable"}


@pytest.mark.parametrize(
    "text",
    [
        "지난 분기 매출은 1,234,567,890원으로 12.3% 늘었습니다.",
        "3.141592653589793 123456789012345678901234567890 1e-10",
        "550e8400-e29b-41d4-a716-446655440000",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8 (9fceb02)",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "df['risk-score'].sort_values() ask-me sk-learn task-force-one-and-some-more-words-here"[:70],
        "https://example.com/a:b@c",
        "http://localhost:8888/lab?reset",
        "kim@example.com: 안녕하세요",
        "2026-11-26T13:49:47Z 010-1234-5678 900101-1234567",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "eyJ is how it begins. eyJhbGciOiJ",
    ],
)
def test_ordinary_data_stays_as_it_is(text: str) -> None:
    """Numbers, identifiers, hashes, Korean text."""
    found = redact(text, {"APP_TOKEN": "Zk39-unrelated-value"})
    assert (found.text, found.counts) == (text, {})


PIECES = st.lists(
    st.sampled_from(
        [
            OPENAI,
            GITHUB,
            AWS,
            JWT,
            PEM,
            "⟨redacted: token⟩",
            "⟨redacted: ",
            "⟩",
            "a",
            " ",
            "://u:p@h",
            "한글",
            "sk-",
            "x" * 30,
        ]
    )
    | st.text(max_size=5),
    max_size=8,
)


@given(PIECES)
def test_once_is_enough(pieces: list[str]) -> None:
    """What has been redacted is not redacted again, and no key is left between two marks."""
    environment = {"A_KEY": "redacted: tok", "B_SECRET": "한글값-value"}
    once = redact("".join(pieces), environment)
    assert redact(once.text, environment).text == once.text
    assert redact(once.text, environment).counts == {}


def test_a_mark_written_by_somebody_hides_nothing() -> None:
    """A key inside something that looks like a mark is found."""
    assert OPENAI not in redact(f"⟨redacted: {OPENAI}⟩").text


@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "://" * 66_000,
        "sk-" * 66_000,
        "-----BEGIN PRIVATE KEY-----" * 7_000,
        "eyJa." * 40_000,
        "매출 1,234원 " * 25_000,
        "x:y@" * 50_000,
    ],
)
def test_two_hundred_kilobytes_take_a_moment(text: str) -> None:
    """No text makes the patterns slow."""
    started = time.perf_counter()
    redact(text, {f"KEY_{n}": f"value-{n}-secret" for n in range(50)})
    assert time.perf_counter() - started < 2
