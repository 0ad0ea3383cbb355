"""How values of users are shown in messages."""

from __future__ import annotations

from typing import Any

import pytest

from kie import CircuitBreaker, ConfigError, Kie, RateLimit, RetryPolicy
from kie._core.safe_text import SHOWN, short_repr, url_repr
from kie.webhooks import Receiver

HUGE = 10**6000
"""Python refuses to write it."""


class Broken:
    def __repr__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("value", "text"),
    [(5, "5"), ("5", "'5'"), (HUGE, "<int>"), (Broken(), "<Broken>"), ("x" * 98, repr("x" * 98))],
    ids=["number", "text", "huge", "broken", "long"],
)
def test_a_value_is_shown_as_it_is(value: object, text: str) -> None:
    assert short_repr(value) == text


def test_a_long_value_is_cut() -> None:
    assert short_repr("x" * 99) == "'" + "x" * 98 + "…"
    assert len(short_repr(b"x" * 10**6)) == SHOWN


@pytest.mark.parametrize("figure", [-HUGE, "x" * 10**6], ids=["huge", "long"])
def test_no_figure_is_too_long_for_the_message_that_refuses_it(figure: Any) -> None:
    for made in (
        lambda: Kie("key", timeout=figure),
        lambda: Kie("key", budget=figure),
        lambda: RetryPolicy(base=figure),
        lambda: RateLimit(submissions=figure),
        lambda: CircuitBreaker(failures=figure),
        lambda: Receiver("secret", window=figure),
    ):
        with pytest.raises(ConfigError) as caught:
            made()
        assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://x.example/a", "'https://x.example/a'"),
        ("https://me:pass@x.example/a", "'https://…@x.example/a'"),
        ("https://me:p@ss@x.example", "'https://…@x.example'"),
        ("me:pass@x.example", "'…@x.example'"),
        ("https://x.example/a?token=pass#pass", "'https://x.example/a?…'"),
        ("https://x.example/#pass?pass", "'https://x.example/#…'"),
        (5, "5"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: object, text: str) -> None:
    assert url_repr(url) == text


@pytest.mark.parametrize("url", ["ftp://me:hunter2@x", "https://me:hunter2@[::1", "https://x.example:99999?hunter2"])
@pytest.mark.parametrize("option", ["base_url", "upload_url", "callback_url"])
def test_no_message_about_a_url_shows_a_password(option: str, url: str) -> None:
    with pytest.raises(ConfigError, match=option) as caught:
        Kie("key", **{option: url})  # type: ignore[arg-type]
    assert "hunter2" not in str(caught.value)
    with pytest.raises(ConfigError, match="url must be the http") as caught:
        Receiver("secret", url=url)
    assert "hunter2" not in str(caught.value)


def test_a_receiver_shows_its_url_without_what_may_be_secret() -> None:
    assert (
        repr(Receiver("secret", url="https://me:pass@x.example/in?token=1")) == "<Receiver at https://…@x.example/in?…>"
    )
    assert repr(Receiver("secret")) == "<Receiver at no url>"


@pytest.mark.parametrize(
    "url", ["https://x.example/a b", "https://x.example:0/", "https://x.example/\n", "https://", "x"]
)
def test_a_callback_url_that_is_none_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ConfigError, match="callback_url must be"):
        Kie("key", callback_url=url)
    with pytest.raises(ConfigError, match="url must be"):
        Receiver("secret", url=url)
