"""The files of a result are read, streamed, opened and saved by name: whole or not at all, and not over others."""

from __future__ import annotations

import asyncio
import copy
import inspect
import io
import pickle
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kie import ConfigError, DownloadFailed, TaskRef
from kie._core.assets import AnyAsset, Asset, AsyncAsset
from kie._io import borrowed
from kie._io.aio import AsyncClientSaver
from kie._io.offload import to_the_end
from kie.models import ElevenlabsTextToDialogueV3, NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie
from tests.processes import LONGEST

Do = Callable[[Callable[[Any], Any]], Any]
FOX = NanoBananaPro(prompt="A fox")


class Kind:
    """One of the two clients, used as if it were blocking."""

    def __init__(self, asynchronous: bool, **settings: Any) -> None:
        make: Any = virtual_async_kie if asynchronous else virtual_kie
        self.asynchronous = asynchronous
        self.client, self.service, self.clock = make(**settings)

    def do(self, action: Callable[[], Any]) -> Any:
        async def main() -> Any:
            outcome = action()
            if inspect.isasyncgen(outcome):
                return [piece async for piece in outcome]
            outcome = await outcome if inspect.isawaitable(outcome) else outcome
            return list(outcome) if inspect.isgenerator(outcome) else outcome

        return asyncio.run(main())

    def result(self, request: Any = FOX) -> Any:
        return self.do(lambda: self.client.run(request))


@pytest.fixture(params=[False, True], ids=["sync", "async"])
def make(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Kind]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "temporary").mkdir()
    return lambda **settings: Kind(request.param, **settings)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_read_streamed_and_opened_and_leaves_nothing_behind(make: Any, tmp_path: Path) -> None:
    kind = make()
    asset = kind.result().assets[0]
    content = kind.do(asset.read)
    assert content.startswith(b"\x89PNG") and content.endswith(b"IEND\xaeB`\x82")
    pieces = kind.do(lambda: asset.stream(1000))
    assert b"".join(pieces) == content and max(map(len, pieces)) <= 1000 and len(pieces) > 1
    with kind.do(asset.open) as file:
        assert file.read() == content
        assert file.seek(1) == 1 and file.read(3) == b"PNG"
    assert left(tmp_path / "temporary") == []
    assert left(tmp_path) == ["temporary"]


def test_an_image_is_opened_with_pillow_and_nothing_else_is(make: Any) -> None:
    kind = make()
    picture = kind.do(kind.result().assets[0].pil)
    assert picture.format == "PNG" and picture.size[0] > 0
    speech = kind.result(ElevenlabsTextToDialogueV3(dialogue=[{"text": "Hi", "voice": "Adam"}])).assets[0]
    asked = len(trace(kind.client))
    with pytest.raises(ConfigError, match=r"pil\(\) opens images, and .* is of kind audio"):
        kind.do(speech.pil)
    assert len(trace(kind.client)) == asked


def test_a_link_that_is_gone_is_renewed_once_for_bytes_too(make: Any) -> None:
    kind = make(faults=[{"on": "result", "do": "http", "status": 404, "times": 1}])
    assert kind.do(kind.result().assets[0].read).startswith(b"\x89PNG")
    assert any("download-url" in str(exchange) for exchange in trace(kind.client))


def test_what_is_cut_off_is_fetched_again_and_never_given(make: Any) -> None:
    kind = make(faults=[{"on": "result", "do": "truncate", "bytes": 100, "times": 1}])
    assert kind.do(kind.result().assets[0].read).endswith(b"IEND\xaeB`\x82")
    kind = make(faults=[{"on": "result", "do": "truncate", "bytes": 100, "times": 99}], breaker=None)
    asset = kind.result().assets[0]
    for action in (asset.read, asset.open, lambda: asset.stream(10)):
        with pytest.raises(DownloadFailed, match="ended early"):
            kind.do(action)


def test_a_stream_that_is_not_asked_for_fetches_nothing(make: Any) -> None:
    kind = make()
    asset = kind.result().assets[0]
    asked = len(trace(kind.client))
    asset.stream()
    assert len(trace(kind.client)) == asked


@pytest.mark.parametrize(
    ("target", "saved"),
    [
        ("picture.png", "picture.png"),
        ("a/b/picture.PNG", "a/b/picture.PNG"),
        ("out", "out/ID_0.png"),
        ("out/{id}-{model}-{n:03}.{ext}", "out/ID-nano-banana-pro-000.png"),
        ("{model}/", "nano-banana-pro/ID_0.png"),
        ("{{x}}.{ext}", "{x}.png"),
        (Path("deep") / "{n}", "deep/0.png"),
    ],
)
def test_a_result_is_saved_under_the_name_that_the_user_wants(make: Any, target: Any, saved: str) -> None:
    kind = make()
    result = kind.result()
    wanted = Path(saved.replace("ID", result.ref.id))
    assert kind.do(lambda: result.save(target)) == [wanted]
    assert wanted.read_bytes() == kind.do(result.assets[0].read)
    assert kind.do(lambda: result.assets[0].save(target, overwrite=True)) == wanted


def test_nothing_is_overwritten_in_silence(make: Any) -> None:
    kind = make()
    result = kind.result()
    Path("picture.png").write_text("mine")
    assert kind.do(lambda: result.save("picture.png")) == [Path("picture-2.png")]
    assert Path("picture.png").read_text() == "mine"
    assert kind.do(lambda: result.save("picture.png", overwrite=True)) == [Path("picture.png")]
    assert Path("picture.png").read_bytes().startswith(b"\x89PNG")


def test_several_files_of_one_name_get_numbers(make: Any) -> None:
    kind = make()
    result = kind.result({"model": "gpt4o-image", "input": {"size": "1:1", "prompt": "x", "nVariants": 4}})
    assert len(result.urls) == 4
    assert kind.do(lambda: result.save("p.png")) == [Path(f"p_{n}.png") for n in range(4)]
    assert kind.do(lambda: result.save("{n}/p.png")) == [Path(f"{n}/p.png") for n in range(4)]


def test_a_name_of_another_format_is_kept_and_said(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    kind = make()
    result = kind.result()
    assert kind.do(lambda: result.save("picture.jpg")) == [Path("picture.jpg")]
    assert "picture.jpg was requested under that name, but contains png" in caplog.text
    kind.do(lambda: result.save("other.png"))
    assert "other.png" not in caplog.text


def test_a_file_object_takes_the_one_file_of_a_result(make: Any) -> None:
    kind = make()
    result = kind.result()
    memory = io.BytesIO(b"before ")
    memory.seek(0, io.SEEK_END)
    assert kind.do(lambda: result.save(memory)) == []
    assert memory.getvalue() == b"before " + kind.do(result.assets[0].read)
    assert kind.do(lambda: result.assets[0].save(io.BytesIO())) is None
    asked = len(trace(kind.client))
    with pytest.raises(ConfigError, match="open it in mode 'wb'"):
        kind.do(lambda: result.save(io.StringIO()))
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(ConfigError, match="the file is closed"):
        kind.do(lambda: result.save(closed))
    assert len(trace(kind.client)) == asked
    several = kind.result({"model": "gpt4o-image", "input": {"size": "1:1", "prompt": "x", "nVariants": 2}})
    asked = len(trace(kind.client))
    with pytest.raises(ConfigError, match="has 2 files, but one open file takes only one"):
        kind.do(lambda: several.save(io.BytesIO()))
    assert len(trace(kind.client)) == asked


def test_a_file_object_gets_nothing_of_what_is_cut_off(make: Any) -> None:
    kind = make(faults=[{"on": "result", "do": "truncate", "bytes": 100, "times": 99}])
    result = kind.result()
    memory = io.BytesIO()
    with pytest.raises(DownloadFailed):
        kind.do(lambda: result.save(memory))
    assert memory.getvalue() == b""


def test_a_template_that_cannot_be_filled_in_fetches_nothing(make: Any) -> None:
    kind = make()
    result = kind.result()
    asked = len(trace(kind.client))
    with pytest.raises(ConfigError, match=r"{seed} is not known; the names are {id}, {model}, {n}, {ext}"):
        kind.do(lambda: result.save("{seed}.png"))
    assert len(trace(kind.client)) == asked


def test_an_asset_of_no_client_says_how_to_get_one() -> None:
    asset = Asset("https://x.y/a.png", 0, "image", TaskRef("1"))
    for action in (asset.read, asset.open, asset.save, lambda: list(asset.stream())):
        with pytest.raises(ConfigError, match="belongs to no client"):
            action()


def test_an_asset_is_a_value_whichever_client_gave_it(make: Any) -> None:
    kind = make()
    asset = kind.result().assets[0]
    plain = AnyAsset(asset.url, asset.index, asset.kind, asset.ref)
    assert type(asset) is (AsyncAsset if kind.asynchronous else Asset)
    assert {asset, plain, copy.copy(asset), copy.deepcopy(asset), pickle.loads(pickle.dumps(asset))} == {plain}
    assert plain != asset.url and asset != Asset(asset.url, 1, asset.kind, asset.ref)
    assert "\n" not in repr(asset) and "saver" not in repr(asset)


@pytest.mark.parametrize("step", ["TemporaryDirectory", "opened"])
def test_a_reader_that_is_cancelled_leaves_nothing_open(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_go_on, made = threading.Event(), threading.Event(), list[Any]()
    real = getattr(borrowed, step)

    def slow(*arguments: Any, **options: Any) -> Any:
        begun.set()
        assert may_go_on.wait(LONGEST)
        made.append(real(*arguments, **options))
        return made[0]

    async def fetched(_: object) -> str:
        path = tmp_path / "file"
        path.write_bytes(b"a picture")
        return str(path)

    async def work() -> None:
        driver: Any = SimpleNamespace(to_the_end=to_the_end, drive=fetched)
        asset: Any = SimpleNamespace(url="https://example.com/0.png", index=0)
        reading = asyncio.ensure_future(AsyncClientSaver(driver, cast(Any, None)).open(asset))
        await asyncio.to_thread(begun.wait, LONGEST)
        reading.cancel()
        may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(reading, LONGEST)

    monkeypatch.setattr("kie._tasks.download.download", lambda *_: None)
    monkeypatch.setattr(borrowed, step, slow)
    asyncio.run(work())
    (left,) = made
    assert left.closed if step == "opened" else not Path(left.name).exists()
