"""One download, attempt by attempt: what it asks for, when it gives up, and what breaker and observers are told."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Generator
from pathlib import PurePath
from typing import Any

import attrs
import pytest

from kie import CircuitOpen, ConfigError, DownloadFailed, RetryPolicy, TaskRef
from kie._core.assets import Asset
from kie._core.call import HttpResponse, TransportError
from kie._core.file_name_template import user_stem
from kie._flow.context import Context
from kie._flow.effects import Fetch, Fetched, OnDisk, Send, Sleep
from kie._flow.options import Options
from kie._io.process import Process
from kie._io.secrets import Secret
from kie._io.session import Session
from kie._policy.breaker import Admission
from kie._tasks.download import download, files_of, folder_of, own_stem
from kie.testing import VirtualClock

URL = "https://cdn.example/results/cat.png?signature=1"
WHOLE = Fetched(200, {}, "/out/cat.png", size=7)
BROKEN = TransportError("the connection was lost", sent=None)
LOCAL = TransportError("no file", sent=False, local=True)


def http(status: int, **headers: str) -> Fetched:
    return Fetched(status, {name.replace("_", "-"): value for name, value in headers.items()}, None)


class Even(random.Random):
    def random(self) -> float:
        return 0.5


@attrs.define
class Bench:
    """Drives a download by hand."""

    fetched: list[Fetch] = attrs.field(factory=list)
    parts: list[int] = attrs.field(factory=list)
    slept: list[float] = attrs.field(factory=list)
    healthy: list[bool | None] = attrs.field(factory=list)
    told: list[Any] = attrs.field(factory=list)
    clock: VirtualClock = attrs.field(factory=VirtualClock)
    takes: float = 0.0

    def run(
        self,
        *answers: Fetched | Exception | Callable[[Fetch], Any],
        file: str | Asset = URL,
        fresh: str = "",
        **options: Any,
    ) -> str:
        made = Options(observers=[self.told.append], **options)
        session = Session.make(made, api_key=Secret("simulated"), process=Process())
        session.clock, session.chance = self.clock, Even()
        flow = download(Context(options=made, services=session), file, "/out")
        left = list(answers)
        try:
            effect: Any = flow.send(None)
            while True:
                effect = self.carry_out(flow, effect, left, fresh)
        except StopIteration as end:
            assert left == []
            return str(end.value)

    def carry_out(self, flow: Generator[Any, Any, str], effect: Any, left: list[Any], fresh: str) -> Any:
        if isinstance(effect, Sleep):
            self.slept.append(effect.seconds)
            self.clock.reach(self.clock.now() + effect.seconds)
        elif isinstance(effect, Fetch):
            self.fetched.append(effect)
            self.clock.reach(self.clock.now() + self.takes)
            self.parts.append(effect.partial.size)
            came = left.pop(0)
            came = came(effect) if callable(came) else came
            return flow.throw(came) if isinstance(came, BaseException) else flow.send(came)
        elif isinstance(effect, Send):
            body = json.dumps({"code": 200, "msg": "", "data": fresh} if fresh else {"code": 422, "msg": "no"})
            return flow.send(HttpResponse(status=200, headers={}, body=body.encode()))
        elif isinstance(effect, OnDisk):
            return flow.send(effect.function())
        return flow.send(None)

    def events(self, name: str) -> list[Any]:
        return [event for event in self.told if type(event).__name__ == name and event.operation == "download"]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    made, report = Bench(), Session.report
    made.clock.reach(1000.0)

    def noting(self: Session, admission: Admission, success: bool | None) -> object:
        made.healthy.append(success)
        return report(self, admission, success)

    monkeypatch.setattr(Session, "report", noting)
    return made


def test_a_file_is_asked_for_within_the_limits_of_the_options(bench: Bench) -> None:
    assert bench.run(WHOLE, download_timeout=7.0, max_download=99) == "/out/cat.png"
    assert bench.fetched == [Fetch(URL, "/out", "cat", 7.0, 99, "file", False)]
    assert bench.healthy == [True]


def test_an_asset_is_asked_for_as_what_its_model_makes(bench: Bench) -> None:
    bench.run(WHOLE, file=Asset(URL, kind="image", index=0, ref=TaskRef("1")))
    assert bench.fetched[0].kind == "image"


@pytest.mark.parametrize(
    ("came", "healthy"),
    [(BROKEN, False), (LOCAL, None), (http(499), True), (http(500), False), (DownloadFailed(URL, "disk full"), None)],
)
def test_what_an_attempt_says_of_the_health_of_its_server(
    bench: Bench, came: Fetched | Exception, healthy: bool | None
) -> None:
    with pytest.raises(DownloadFailed):
        bench.run(came, retry=RetryPolicy(attempts=1))
    assert bench.healthy == [healthy]


@pytest.mark.parametrize(
    ("came", "status", "error"),
    [
        (WHOLE, 200, None),
        (http(300), 300, None),
        (http(399), 399, None),
        (http(299), 299, "DownloadFailed"),
        (http(400), 400, "DownloadFailed"),
        (Fetched(200, {}, None, fault="a page"), 200, "DownloadFailed"),
        (BROKEN, None, "TransportFailed"),
    ],
)
def test_observers_hear_what_came_of_an_attempt(
    bench: Bench, came: Fetched | Exception, status: int | None, error: str | None
) -> None:
    try:
        bench.run(came, retry=RetryPolicy(attempts=1))
    except DownloadFailed:
        assert came is not WHOLE
    [sent], [answered] = bench.events("RequestSent"), bench.events("RequestAnswered")
    assert (sent.attempt, sent.bytes, sent.url.partition("?")[0]) == (1, 0, URL.partition("?")[0])
    assert (answered.attempt, answered.status, answered.error) == (1, status, error)
    assert answered.bytes == (7 if came is WHOLE else None if status is None else 0)


def test_observers_hear_of_the_retry_and_of_the_file(bench: Bench) -> None:
    bench.run(BROKEN, WHOLE)
    assert [event.attempt for event in bench.events("RequestSent")] == [1, 2]
    assert [event.delay for event in bench.events("RequestRetried")] == bench.slept == [0.25]
    assert [event.bytes for event in bench.told if type(event).__name__ == "FileDownloaded"] == [7]


@pytest.mark.parametrize("came", [BROKEN, http(500), http(429), Fetched(200, {}, None, fault="a page")])
def test_what_may_pass_is_tried_again_as_often_as_the_policy_says(bench: Bench, came: Fetched | Exception) -> None:
    with pytest.raises(DownloadFailed, match=r"\(3 attempts\)"):
        bench.run(came, came, came, retry=RetryPolicy(attempts=3), breaker=None)
    assert bench.slept == [0.25, 0.5]


@pytest.mark.parametrize("status", [204, 304, 400, 405, 428, 430, 451, 499])
def test_what_will_not_pass_is_not_tried_again(bench: Bench, status: int) -> None:
    with pytest.raises(DownloadFailed, match=f"the server answered HTTP {status}") as caught:
        bench.run(http(status))
    assert (caught.value.status, bench.slept) == (status, [])


def test_a_server_may_ask_for_a_pause(bench: Bench) -> None:
    bench.run(http(503, retry_after="9"), WHOLE)
    assert bench.slept == [9.0]


@pytest.mark.parametrize(("budget", "attempts"), [(10.25, 2), (10.2, 1)])
def test_no_attempt_begins_later_than_the_budget_after_the_first(bench: Bench, budget: float, attempts: int) -> None:
    bench.takes = 10.0
    with pytest.raises(DownloadFailed, match=rf"\({attempts} attempts\)"):
        bench.run(*[BROKEN] * attempts, retry=RetryPolicy(budget=budget))


def test_a_circuit_that_opens_between_attempts_ends_with_what_opened_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Admission:
        raise CircuitOpen("https://cdn.example", retry_after=1.0)

    admit, left = Session.admit, [1]

    def once(self: Session, policy: Any, origin: str) -> Admission:
        return admit(self, policy, origin) if left and left.pop() else refuse()

    monkeypatch.setattr(Session, "admit", once)
    with pytest.raises(DownloadFailed, match="the connection was lost"):
        bench.run(BROKEN)
    monkeypatch.setattr(Session, "admit", refuse)
    with pytest.raises(CircuitOpen):
        bench.run()


def test_a_redirect_is_followed_from_where_it_stands(bench: Bench) -> None:
    bench.run(http(302, location="/a/"), http(307, location="b"), WHOLE)
    assert [fetch.url for fetch in bench.fetched] == [URL, "https://cdn.example/a/", "https://cdn.example/a/b"]
    assert [event.url for event in bench.events("RequestSent")][1:] == [fetch.url for fetch in bench.fetched[1:]]
    assert bench.slept == []


@pytest.mark.parametrize(("status", "followed"), [(299, False), (300, True), (399, True), (400, False)])
def test_only_a_redirect_is_followed(bench: Bench, status: int, followed: bool) -> None:
    answers = [http(status, location="/b"), *([WHOLE] if followed else [])]
    if followed:
        bench.run(*answers)
    else:
        with pytest.raises(DownloadFailed):
            bench.run(*answers)
    assert len(bench.fetched) == 1 + followed


def test_a_redirect_to_what_is_not_a_url_is_reported_with_its_status(bench: Bench) -> None:
    with pytest.raises(DownloadFailed, match="it redirects to what is not a URL") as caught:
        bench.run(http(302, location="https://["))
    assert caught.value.status == 302


@pytest.mark.parametrize(("url", "scheme"), [("ftp://cdn.example/a", "ftp"), ("//cdn.example/a", "a bare path")])
def test_only_https_is_fetched_and_the_error_says_what_it_was(bench: Bench, url: str, scheme: str) -> None:
    with pytest.raises(DownloadFailed, match=f"only https is fetched, not {scheme}"):
        bench.run(file=url)


@pytest.mark.parametrize("failure", [ConfigError("stop"), KeyboardInterrupt()])
def test_nobody_writes_on_at_a_file_that_is_given_up(bench: Bench, failure: BaseException) -> None:
    removed: list[str] = []

    def broken(fetch: Fetch) -> BaseException:
        fetch.partial.path, fetch.partial.drop = "/out/.cat.part", lambda: removed.append(fetch.partial.path)
        return failure

    with pytest.raises(type(failure)):
        bench.run(broken)
    assert bench.fetched[0].partial.over is True
    assert removed == ["/out/.cat.part"]


def resumable(came: Any) -> Callable[[Fetch], Any]:
    """An attempt that left a part which the next one may go on with."""

    def attempt(fetch: Fetch) -> Any:
        fetch.partial.path, fetch.partial.size = "/out/.cat.part", 99
        return came

    return attempt


def test_a_part_is_kept_while_the_server_is_not_well(bench: Bench) -> None:
    bench.run(resumable(BROKEN), http(503), WHOLE)
    assert bench.parts == [0, 99, 99]


@pytest.mark.parametrize("status", [206, 416])
def test_a_part_that_the_server_does_not_go_on_with_is_dropped(bench: Bench, status: int) -> None:
    bench.run(resumable(BROKEN), http(status), WHOLE)
    assert bench.parts == [0, 99, 0]
    assert bench.slept == [0.25, 0.5]
    assert [event.delay for event in bench.events("RequestRetried")] == bench.slept


@pytest.mark.parametrize("status", [206, 416])
def test_a_server_without_the_rest_is_asked_no_more_often_than_the_policy_says(bench: Bench, status: int) -> None:
    none = resumable(http(status))
    with pytest.raises(DownloadFailed, match=r"the server has no rest of the file \(3 attempts\)") as caught:
        bench.run(none, none, none, retry=RetryPolicy(attempts=3))
    assert (caught.value.status, bench.slept) == (status, [0.25, 0.5])


@pytest.mark.parametrize("status", [206, 416])
def test_a_server_that_has_no_rest_to_give_is_reported_as_it_answered(bench: Bench, status: int) -> None:
    with pytest.raises(DownloadFailed, match=f"the server answered HTTP {status}") as caught:
        bench.run(http(status))
    assert (caught.value.status, bench.slept) == (status, [])


def test_no_more_redirects_are_followed_than_five(bench: Bench) -> None:
    on = http(302, location="/b")
    bench.run(*[on] * 5, WHOLE)
    with pytest.raises(DownloadFailed, match="HTTP 302"):
        bench.run(*[on] * 6, WHOLE)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_link_that_is_gone_is_renewed_once(bench: Bench, status: int) -> None:
    bench.run(http(status), WHOLE, fresh="https://cdn.example/fresh")
    assert [fetch.url for fetch in bench.fetched] == [URL, "https://cdn.example/fresh"]
    assert bench.slept == []
    with pytest.raises(DownloadFailed, match="it is gone") as caught:
        bench.run(http(status), http(status), fresh="https://cdn.example/fresh")
    assert (caught.value.status, caught.value.url) == (status, URL.partition("?")[0])
    with pytest.raises(DownloadFailed, match="it is gone"):
        bench.run(http(status))


# what a user asks for

ASSET = Asset(URL, kind="image", index=0, ref=TaskRef("1"))


@pytest.mark.parametrize("files", [URL, ASSET, [URL, ASSET], (URL,), []])
def test_a_file_is_a_url_or_an_asset_and_several_may_stand_in_a_list(files: Any) -> None:
    expected = list(files) if isinstance(files, (list, tuple)) else [files]
    assert files_of(files, None) == [(one, None) for one in expected]
    assert files_of(files, "mine") == [(one, "mine") for one in expected]


@pytest.mark.parametrize("wrong", [b"https://cdn.example/a", 5, None, [URL, 5], [b"x"]])
def test_any_other_file_is_refused(wrong: Any) -> None:
    with pytest.raises(ConfigError, match="file must be a URL, an asset of a result, or a list of them"):
        files_of(wrong, None)


def test_a_name_a_folder_and_whether_to_overwrite_are_refused_by_name_if_of_another_kind() -> None:
    assert folder_of(PurePath("a/b"), overwrite=False) == folder_of("a/b", overwrite=True) == str(PurePath("a/b"))
    with pytest.raises(ConfigError, match="name must be text or None"):
        files_of(URL, 5)  # type: ignore[arg-type]
    for folder in (5, None):
        with pytest.raises(ConfigError, match="directory must be a path,"):
            folder_of(folder, overwrite=False)
    with pytest.raises(ConfigError, match="directory must be a path as text"):
        folder_of(PathOfBytes(), overwrite=False)
    with pytest.raises(ConfigError, match="overwrite must be True or False"):
        folder_of("a", overwrite=1)


class PathOfBytes:
    def __fspath__(self) -> bytes:
        return b"a"


# names


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("x" * 121 + ".png", "x" * 120),
        ("%C3%A4" * 119 + ".png", "ä" * 90),
        ("a" + "%C3%A4" * 119 + ".png", "a" + "ä" * 89),
        ("-rf.png", "_rf"),
        ("a-b.png", "a-b"),
        ("a%2Fb c.png", "b_c"),
        ("", "download"),
        ("NUL.png", "_NUL"),
    ],
)
def test_the_name_in_a_url_is_made_harmless(path: str, stem: str) -> None:
    assert own_stem(f"https://cdn.example/{path}") == stem


@pytest.mark.parametrize(
    ("name", "stem"), [("x" * 221, "x" * 220), ("a/b\\c", "c"), ("a/", "download"), ("a b", "a b")]
)
def test_the_name_that_a_user_gives_stays_in_its_folder(name: str, stem: str) -> None:
    assert user_stem(name) == stem
