"""Several files at once: `result.save` and `client.download([...])` in both clients."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import AsyncKie, CircuitOpen, ConfigError, DownloadFailed, Kie, no_retry
from kie._core.call import HttpRequest, HttpResponse
from kie._io import threads
from kie._io.bodies import AsyncStream, Stream
from kie._io.files import RESUMED, Download
from kie._io.session import Session
from kie._policy.breaker import Admission
from kie.testing import trace
from tests.flows.test_download import PICTURE, Face, Fault, names, on
from tests.processes import LONGEST, joined, until_async

TOTAL = 10
URLS = [f"https://cdn.example/results/{number}.gif" for number in range(TOTAL)]
THERE: Fault = {"do": "http", "status": 200, "body": PICTURE}


@pytest.fixture(params=["sync", "async"])
def face(request: pytest.FixtureRequest) -> Callable[..., Face]:
    """Makes a client of either kind, for which every exchange takes a second."""
    return lambda *faults, **settings: Face(
        request.param == "async", faults=[*faults, on(**THERE)], retry=no_retry(), **{"latency": 1.0, **settings}
    )


def download(made: Face, folder: Path) -> list[Path]:
    return list(made.do(lambda client: client.download(URLS, folder)))


def save(made: Face, folder: Path) -> list[Path]:
    """Save a result of as many files."""
    result = made.result()
    made.began = made.clock.now()
    return made.save(attrs.evolve(result, status=attrs.evolve(result.status, urls=tuple(URLS))), folder)


WAYS = pytest.mark.parametrize("way", [download, save])
Way = Callable[[Face, Path], list[Path]]


@WAYS
@pytest.mark.parametrize(("options", "seconds"), [({}, 2), ({"downloads": 1}, 10), ({"downloads": 10}, 1)])
def test_so_many_files_are_fetched_at_a_time_as_the_option_says(
    way: Way, options: dict[str, int], seconds: int, face: Callable[..., Face], tmp_path: Path
) -> None:
    made = face(**options)
    paths = way(made, tmp_path)
    assert made.clock.now() - made.began == pytest.approx(seconds)
    assert len(set(paths)) == TOTAL
    assert names(tmp_path) == sorted(path.name for path in paths)
    assert {path.read_bytes() for path in paths} == {PICTURE.encode()}


def test_the_paths_are_in_the_order_of_the_files(face: Callable[..., Face], tmp_path: Path) -> None:
    made = face(latency=(0.1, 5.0))
    assert [path.stem for path in download(made, tmp_path)] == [str(number) for number in range(TOTAL)]
    arrived = [exchange.path for exchange in sorted(trace(made.client), key=lambda exchange: exchange.at)]
    assert arrived != sorted(arrived)


@pytest.mark.parametrize("downloads", [0, -1, 1.5, None])
def test_a_number_of_downloads_that_makes_no_sense_is_refused(downloads: Any) -> None:
    with pytest.raises(ConfigError, match="downloads"):
        Kie("key", downloads=downloads)


@WAYS
def test_one_failure_does_not_hide_what_was_saved_nor_the_other_failures(
    way: Way, face: Callable[..., Face], tmp_path: Path
) -> None:
    made = face(on(do="http", status=400, nth=3), on(do="drop_before", nth=7))
    with pytest.raises(DownloadFailed, match="HTTP 400") as caught:
        way(made, tmp_path)
    error = caught.value
    assert len(error.saved) == TOTAL - 2
    assert sorted(Path(path).name for path in error.saved) == names(tmp_path)
    assert {Path(path).read_bytes() for path in error.saved} == {PICTURE.encode()}
    assert f"8 of {TOTAL} files are saved" in error.__notes__[0]
    assert [note for note in error.__notes__ if "another file failed" in note and "connection was lost" in note]


def test_where_nothing_was_saved_no_note_speaks_of_saved_files(face: Callable[..., Face], tmp_path: Path) -> None:
    made = face(on(do="http", status=400))
    with pytest.raises(DownloadFailed, match="HTTP 400") as caught:
        made.do(lambda client: client.download(URLS[:2], tmp_path))
    assert caught.value.saved == ()
    assert [note.partition(":")[0] for note in caught.value.__notes__] == ["another file failed"]


def test_an_error_that_is_not_of_a_download_names_what_was_saved_in_a_note_only(
    face: Callable[..., Face], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, admit, left = face(), Session.admit, [1]

    def once(self: Session, policy: Any, origin: str) -> Admission:
        if left:
            left.pop()
            return admit(self, policy, origin)
        raise CircuitOpen(origin, retry_after=1.0)

    monkeypatch.setattr(Session, "admit", once)
    with pytest.raises(CircuitOpen) as caught:
        made.do(lambda client: client.download(URLS[:2], tmp_path))
    assert not hasattr(caught.value, "saved")
    assert caught.value.__notes__[0].startswith("1 of 2 files are saved: ")


def test_files_of_one_name_do_not_replace_each_other(face: Callable[..., Face], tmp_path: Path) -> None:
    made = face()
    same = ["https://cdn.example/results/a.gif", "https://cdn.example/results/more/a.gif", URLS[1]]
    paths: list[Path] = made.do(lambda client: client.download(same, tmp_path))
    assert [path.name for path in paths] == ["a_0.gif", "a_1.gif", "1.gif"]
    assert names(tmp_path) == ["1.gif", "a_0.gif", "a_1.gif"]


def test_names_that_collide_with_a_numbered_one_do_not_replace_it(face: Callable[..., Face], tmp_path: Path) -> None:
    made = face()
    files = [f"https://cdn.example/results/{name}.gif" for name in ("a", "more/a", "a_1", "A_0")]
    paths: list[Path] = made.do(lambda client: client.download(files, tmp_path))
    assert len({path.name.lower() for path in paths}) == len(names(tmp_path)) == 4
    assert paths[2].name == "a_1.gif"


def test_a_name_for_several_files_is_numbered(face: Callable[..., Face], tmp_path: Path) -> None:
    made = face()
    paths: list[Path] = made.do(lambda client: client.download(URLS[:3], tmp_path, name="mine"))
    assert [path.name for path in paths] == ["mine_0.gif", "mine_1.gif", "mine_2.gif"]
    [single] = made.do(lambda client: client.download(URLS[:1], tmp_path, name="alone"))
    assert single.name == "alone.gif"


def test_no_files_are_no_work(face: Callable[..., Face], tmp_path: Path) -> None:
    made = face()
    assert made.do(lambda client: client.download([], tmp_path)) == []
    assert made.asked("result") == []


# interrupted


class Halfway:
    """A transport of which every download stops halfway, until it is told to go on."""

    def __init__(self, count: int) -> None:
        self.everybody = threading.Barrier(count + 1)
        self.go_on = threading.Event()

    def chunks(self) -> Iterator[bytes]:
        yield b"half a picture"
        self.everybody.wait(LONGEST)
        self.go_on.wait(LONGEST)
        yield b"the other half"

    @contextmanager
    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[Stream]:
        yield Stream(200, headers={}, chunks=self.chunks())

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        raise AssertionError("nothing is to be sent")

    def close(self) -> None:
        pass


def test_ctrl_c_while_threads_fetch_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transport = Halfway(5)

    class Interrupted(threads.Threads):
        """The caller is interrupted once five files are half there."""

        def run(self) -> object:
            over = self._over

            class Over:
                waited = 0
                set = staticmethod(over.set)

                def wait(self, seconds: float) -> bool:
                    self.waited += 1
                    if self.waited == 1:
                        transport.everybody.wait(LONGEST)
                        assert len(names(tmp_path)) == 5
                        raise KeyboardInterrupt
                    return over.wait(seconds)

            monkeypatch.setattr(self, "_over", Over())
            return super().run()

    monkeypatch.setattr(threads, "Threads", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        Kie("key", transport=transport).download(URLS, tmp_path)
    assert names(tmp_path) == []
    transport.go_on.set()
    for thread in threading.enumerate():
        if thread.name == "kie-batch":
            joined(thread)
    assert names(tmp_path) == []


def test_an_interrupt_in_the_middle_of_a_file_leaves_none_that_is_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = Download.write, []

    def interrupt(self: Download, chunk: bytes) -> None:
        written.append(chunk)
        if len(written) == 7:
            raise KeyboardInterrupt
        real(self, chunk)

    monkeypatch.setattr(Download, "write", interrupt)
    made = Face(False, faults=[on(**THERE)], latency=1.0)
    with pytest.raises(KeyboardInterrupt):
        download(made, tmp_path)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {PICTURE.encode()}


@pytest.mark.parametrize("size", [2 * 1024 * 1024, RESUMED])  # enough to be written, or to be kept for another attempt
def test_a_cancelled_save_leaves_no_half_file(size: int, tmp_path: Path) -> None:
    class Endless:
        """Every download stops halfway."""

        def __init__(self) -> None:
            self.begun = 0

        async def chunks(self) -> Any:
            yield b"x" * size
            self.begun += 1
            await asyncio.Event().wait()

        def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Any:
            return self

        async def __aenter__(self) -> AsyncStream:
            return AsyncStream(200, headers={"etag": '"v1"'}, chunks=self.chunks())

        async def __aexit__(self, *_: object) -> None:
            pass

        async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            raise AssertionError("nothing is to be sent")

        async def close(self) -> None:
            pass

    async def main() -> None:
        transport = Endless()
        client = AsyncKie("key", transport=transport)
        for files in (URLS, URLS[0]):
            transport.begun = 0
            task = asyncio.create_task(client.download(files, tmp_path))
            count = 5 if files is URLS else 1
            await until_async(lambda: transport.begun >= count)  # noqa: B023 - it is called at once
            assert names(tmp_path)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert names(tmp_path) == []

    asyncio.run(main())
