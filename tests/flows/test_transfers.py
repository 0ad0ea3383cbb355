"""How far files are is told, and a large one that broke off goes on where it was, if it is still that file."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from kie import ConfigError, DownloadFailed, Transfer, TransportError
from kie._core.transfers import STEP, ProgressReporter
from kie._io.bodies import Stream
from kie._io.files import RESUMED
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie
from kie.testing._wire import Wire

FOX = NanoBananaPro(prompt="A fox")
BODY = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400 + b"IEND\xaeB`\x82"
URL = "https://files.example/big.png"
Answer = tuple[int, dict[str, str], bytes, bool]
"""Status, headers, body, and whether the connection breaks after it."""


class Kind:
    """One of the two clients, used as if it were blocking, whose files come from a list of answers."""

    def __init__(self, asynchronous: bool, **settings: Any) -> None:
        make: Any = virtual_async_kie if asynchronous else virtual_kie
        self.client, self.service, self.clock = make(breaker=None, **settings)
        self.asked: list[dict[str, str]] = []

    def do(self, action: Callable[[], Any]) -> Any:
        async def main() -> Any:
            outcome = action()
            return await outcome if inspect.isawaitable(outcome) else outcome

        return asyncio.run(main())

    def answers(self, monkeypatch: pytest.MonkeyPatch, *answers: Answer) -> None:
        left = list(answers)

        def fetch(wire: Wire, url: str, headers: Mapping[str, str], timeout: float) -> Generator[float, None, Stream]:
            self.asked.append({name: value for name, value in headers.items() if name in ("Range", "If-Range")})
            status, shown, body, breaks = left.pop(0)
            yield 0.1
            return Stream(status, headers=shown, chunks=_pieces(body, breaks))

        monkeypatch.setattr(Wire, "fetch", fetch)


def _pieces(body: bytes, breaks: bool) -> Iterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]
    if breaks:
        raise TransportError("the connection was lost", sent=None)


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Kind]:
    monkeypatch.setattr("kie._io.files.RESUMED", 10_000)
    monkeypatch.setattr("kie._io.aio._PIECE", 50)
    return lambda **settings: Kind(request.param, **settings)


def whole(body: bytes = BODY, *, etag: str = '"v1"', upto: int | None = None) -> Answer:
    headers = {"content-type": "image/png", "content-length": str(len(body)), "etag": etag}
    return (200, headers, body[:upto], upto is not None)


def rest(start: int, *, body: bytes = BODY, upto: int | None = None, said: str | None = None) -> Answer:
    size = len(body)
    headers = {"content-type": "image/png", "content-length": str(size - start), "etag": '"v1"'}
    headers["content-range"] = said or f"bytes {start}-{size - 1}/{size}"
    return (206, headers, body[start:upto], upto is not None)


def test_a_large_file_that_broke_off_goes_on_where_it_was(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = make()
    kind.answers(monkeypatch, whole(upto=20_000), rest(20_000, upto=50_000), rest(50_000))
    told: list[Transfer] = []
    path = kind.do(lambda: kind.client.download(URL, tmp_path, on_transfer=told.append))
    assert path.read_bytes() == BODY
    assert kind.asked == [
        {},
        {"Range": "bytes=20000-", "If-Range": '"v1"'},
        {"Range": "bytes=50000-", "If-Range": '"v1"'},
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["big.png"]
    size = len(BODY)
    assert told[-1] == Transfer(name="big.png", direction="download", done=size, total=size)


def test_what_somebody_adds_to_a_file_that_broke_off_is_not_part_of_it(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = make()
    kind.answers(monkeypatch, whole(upto=20_000), rest(20_000))
    sleep = kind.client._driver.sleep

    def meddled(seconds: float) -> Any:
        (part,) = tmp_path.iterdir()
        part.write_bytes(part.read_bytes() + bytes(2 * len(BODY)))
        return sleep(seconds)

    monkeypatch.setattr(kind.client._driver, "sleep", meddled)
    assert kind.do(lambda: kind.client.download(URL, tmp_path)).read_bytes() == BODY


def test_a_file_of_a_few_megabytes_begins_from_the_start_and_one_of_many_does_not(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kie._io.files.RESUMED", RESUMED)
    monkeypatch.setattr("kie._io.aio._PIECE", 100_000)
    big = BODY.replace(b"IEND", bytes(17_000_000) + b"IEND")
    for upto, ranged in ((16_000_000, 0), (16_800_000, 1)):
        kind = make()
        kind.answers(monkeypatch, whole(big, upto=upto), rest(upto, body=big) if ranged else whole(big))
        assert kind.do(lambda one=kind: one.client.download(URL, tmp_path, overwrite=True)).read_bytes() == big
        assert sum("Range" in asked for asked in kind.asked) == ranged


OTHER = b"\x89PNG\r\n\x1a\n" + b"other" * 9000 + b"IEND\xaeB`\x82"


@pytest.mark.parametrize(
    ("answers", "content", "ranged"),
    [
        ([whole(upto=20_000), whole()], BODY, 1),  # the server takes no ranges
        ([whole(upto=20_000), whole(OTHER, etag='"v2"')], OTHER, 1),  # another file is there now
        ([whole(upto=20_000), rest(0), whole()], BODY, 1),  # another part came
        ([whole(upto=20_000), rest(20_000, said="bytes 20000-9/99"), whole()], BODY, 1),  # of a file of another size
        ([whole(upto=20_000), (416, {}, b"", False), whole()], BODY, 1),
        ([whole(upto=9_000), whole()], BODY, 0),  # it is small
        ([whole(etag='W/"v1"', upto=20_000), whole()], BODY, 0),  # a weak tag promises nothing of bytes
        ([whole(etag="", upto=20_000), whole()], BODY, 0),
    ],
)
def test_any_other_file_begins_from_the_start(
    answers: list[Answer], content: bytes, ranged: int, make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = make()
    kind.answers(monkeypatch, *answers)
    path = kind.do(lambda: kind.client.download(URL, tmp_path))
    assert path.read_bytes() == content
    assert sum(bool(asked) for asked in kind.asked) == ranged
    assert [path.name for path in tmp_path.iterdir()] == ["big.png"]


@pytest.mark.parametrize(
    "answers",
    [
        [whole(upto=20_000), *[rest(20_000, upto=20_000)] * 3],
        [whole(upto=20_000), (404, {}, b"", False), (404, {}, b"", False)],
        [whole(upto=20_000), rest(20_000, body=BODY[:-4] + b"cut!"), *[whole(BODY[:-4] + b"cut!")] * 3],
    ],
)
def test_what_never_becomes_whole_leaves_nothing(
    answers: list[Answer], make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = make()
    kind.answers(monkeypatch, *answers)
    with pytest.raises(DownloadFailed):
        kind.do(lambda: kind.client.download(URL, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_nothing(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = make()
    kind.answers(monkeypatch, whole(upto=20_000))

    def stop(transfer: Transfer) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kind.do(lambda: kind.client.download(URL, tmp_path, on_transfer=stop))
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_is_kept_is_gone_if_the_wait_for_the_next_attempt_is_interrupted(
    make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = make()
    kind.answers(monkeypatch, whole(upto=20_000))

    def interrupted(seconds: float) -> None:
        if seconds < 0.2:  # the way of the answer
            return
        assert len(list(tmp_path.iterdir())) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(kind.client._driver, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kind.do(lambda: kind.client.download(URL, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_the_simulator_gives_the_rest_of_a_file(make: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kie._io.files.RESUMED", 100)
    kind = make(faults=[{"on": "result", "do": "truncate", "bytes": 150, "times": 1}])
    result = kind.do(lambda: kind.client.run(FOX))
    (path,) = kind.do(lambda: result.save(tmp_path))
    assert path.read_bytes() == kind.do(result.assets[0].read)
    statuses = [exchange.outcome for exchange in trace(kind.client) if "/results/" in exchange.path]
    assert statuses[:2] == [200, 206]


def test_an_upload_is_reported_from_the_first_byte_to_the_last(make: Any, tmp_path: Path) -> None:
    kind = make()
    told: list[Transfer] = []
    big = b"GIF89a" + bytes(3 * STEP) + b";"
    kind.do(lambda: kind.client.upload(big, name="big.gif", on_transfer=told.append))
    assert {(one.name, one.direction, one.total) for one in told} == {("big.gif", "upload", len(big))}
    done = [one.done for one in told]
    assert done == sorted(done) and done[-1] == len(big) and len(done) > 2
    told.clear()
    request = FOX.replace(image_input=[BODY])
    result = kind.do(lambda: kind.client.run(request, on_transfer=told.append))
    kind.do(lambda: result.save(tmp_path))
    assert list(dict.fromkeys(one.direction for one in told)) == ["upload", "download"]
    assert told[-1].done == told[-1].total == next(tmp_path.iterdir()).stat().st_size


def test_a_transfer_is_reported_in_steps() -> None:
    told: list[int] = []
    tell = ProgressReporter(lambda transfer: told.append(transfer.done), "a", "upload")
    for done in [1, 2, STEP, STEP + 1, 2 * STEP, 3 * STEP - 5, 3 * STEP, 3 * STEP, 10, 3 * STEP]:
        tell(done, 3 * STEP)
    assert told == [1, STEP + 1, 3 * STEP - 5, 3 * STEP, 10, 3 * STEP]


def test_what_tells_of_transfers_is_an_ordinary_function(make: Any, tmp_path: Path) -> None:
    kind = make()

    async def tell(transfer: Transfer) -> None:
        raise AssertionError

    def told(transfer: Transfer) -> object:
        return tell(transfer)

    with pytest.raises(ConfigError, match="on_transfer may not be async"):
        kind.do(lambda: kind.client.upload(b"GIF89a;", on_transfer=tell))
    with pytest.raises(TypeError, match="on_transfer may not be async"):
        kind.do(lambda: kind.client.upload(b"GIF89a;", on_transfer=told))
    with pytest.raises(ConfigError, match="on_transfer must be a function or None"):
        kind.do(lambda: kind.client.upload(b"GIF89a;", on_transfer=3))


@pytest.mark.parametrize("kind", [GeneratorExit, StopIteration, StopAsyncIteration])
def test_what_generators_take_for_their_own_end_is_named_if_a_function_of_the_users_raises_it(
    kind: type[BaseException], make: Any
) -> None:
    made = make()

    def tell(transfer: Transfer) -> None:
        raise kind

    with pytest.raises(RuntimeError, match=f"on_transfer raised {kind.__name__}") as caught:
        made.do(lambda: made.client.upload(b"GIF89a;", on_transfer=tell))
    assert isinstance(caught.value.__cause__, kind)
