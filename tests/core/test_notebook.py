"""In a notebook values show what they are; nothing that a stranger wrote becomes markup, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from kie import AnyAsset, ImageResult, TaskRef, TaskStatus
from kie._core.result_types import RESULT_KINDS, result_type
from kie.models import Kling30Video, NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
A = "https://files.example/a.png?x=1&y=2"


class Tags(HTMLParser):
    """The tags of a text, and that each is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(value: Any) -> Tags:
    assert "\n" not in repr(value)
    return Tags(value._repr_html_())


def status(kind: str = "image", *urls: str, **more: Any) -> TaskStatus:
    return TaskStatus(ref=TaskRef("t1", model="nano-banana-pro"), state="succeeded", urls=urls, kind=kind, **more)


@pytest.mark.parametrize(
    ("kind", "tag"), [("image", "img"), ("video", "video"), ("audio", "audio"), ("music", "audio")]
)
def test_a_result_shows_its_files_and_its_costs(kind: str, tag: str) -> None:
    result = result_type(kind)(status=status(kind, A, credits=Decimal("18.5"), seconds=4.0))
    tags = shown(result)
    assert [attributes["src"] for name, attributes in tags.found if name == tag] == [A]
    assert "nano-banana-pro · t1 · 18.5 credits · 4 s" in tags.text


def test_a_file_of_no_known_kind_is_a_link_and_what_is_no_address_is_text() -> None:
    assert ("a", A) in [(tag, some.get("href")) for tag, some in shown(AnyAsset(A, 0, "file", TaskRef("1"))).found]
    for url in ("javascript:alert(1)", "data:text/html,x", "//evil.example/x", "file:///etc/passwd"):
        assert [tag for tag, _ in shown(AnyAsset(url, 0, "image", TaskRef("1"))).found] == ["code"]


@pytest.mark.parametrize("kind", sorted(RESULT_KINDS))
def test_nothing_that_came_from_elsewhere_becomes_markup(kind: str) -> None:
    ref = TaskRef(EVIL, EVIL, model=EVIL)
    for urls in ((), (f"https://x.y/{EVIL}",)):
        for state in ("succeeded", "failed", "running"):
            found: Any = {"state": state, "fail_code": EVIL, "fail_message": EVIL, "data": {EVIL: [EVIL, {"a": EVIL}]}}
            one = TaskStatus(ref=ref, urls=urls, kind=kind, **found)
            for value in (one, result_type(kind)(status=one)):
                tags = shown(value)
                assert not {tag for tag, _ in tags.found} & {"script"}
                assert not any(name.startswith("on") for _, some in tags.found for name in some)


def test_data_are_shown_where_there_are_no_files() -> None:
    assert '"score": 0.5' in shown(result_type("json")(status=status("json", data={"score": 0.5}))).text
    assert len(shown(result_type("json")(status=status("json", data=["x" * 9999]))).text) < 2500


@pytest.mark.parametrize("make", [virtual_kie, virtual_async_kie])
def test_a_task_shows_what_is_known_and_asks_nobody(make: Callable[..., Any]) -> None:
    client, _, _ = make()
    task = client.task("t1")
    assert "t1 · not polled" in shown(task).text
    task.status = TaskStatus(ref=TaskRef("t1"), state="running", progress=40.0)
    assert "t1 · running · progress 40" in shown(task).text
    task.status = TaskStatus(ref=TaskRef("t1"), state="failed", fail_code="501", fail_message="no <b>luck</b>")
    assert "t1 · failed · 501 no <b>luck</b>" in shown(task).text
    task.status = status("image", A)
    assert [tag for tag, _ in shown(task).found if tag == "img"] == ["img"]
    assert trace(client) == []


def test_an_outcome_shows_its_result_or_what_went_wrong() -> None:
    client, _, _ = virtual_kie()
    good, bad = client.batch.run([{"model": "nano-banana-pro", "prompt": "x"}, {"model": f"no{EVIL}"}])
    assert isinstance(good.result, ImageResult) and "img" in [tag for tag, _ in shown(good).found]
    assert "input 1 · UnknownModel: no model" in shown(bad).text


def test_an_estimate_shows_its_terms() -> None:
    client, _, _ = virtual_kie()
    fox = Kling30Video(prompt=EVIL, duration="15", mode="pro", sound=True)
    tags = shown(client.estimate(fox))
    assert "405 credits" in tags.text and "$2.025" in tags.text and "15 × 27" in tags.text
    total = shown(client.estimate([fox, fox, NanoBananaPro(prompt="x")]))
    assert "kling-3.0/video2810 credits" in total.text
    assert [tag for tag, _ in total.found].count("tr") == 3


def test_a_request_is_one_line() -> None:
    for value in (NanoBananaPro(prompt="a\nb\r\x00\u2028"), NanoBananaPro(prompt="x").unchecked(a="b\nc")):
        assert len(repr(value).splitlines()) == 1
