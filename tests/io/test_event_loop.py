"""`AsyncKie` never blocks its event loop: what touches the disk, or computes for long, happens in threads."""

from __future__ import annotations

import asyncio
import builtins
import io
import os
import ssl
import threading
import tracemalloc
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from kie import AsyncKie, simulated
from kie._io import local_media
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService
from kie.testing import virtual_kie

Threads = defaultdict[str, set[bool]]
"""What was done, and whether it was on the thread of the event loop."""


def picture(side: int = 64) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (side, side), "navy").save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Threads:
    """Notes in which threads the disk is touched and media are decoded, as far as files of this test go."""
    here, found = threading.get_ident(), Threads(set)

    def watch(owner: Any, name: str, concerns: Callable[..., bool] = lambda *_: True) -> None:
        real = getattr(owner, name)

        def watched(*arguments: Any, **more: Any) -> Any:
            if concerns(*arguments):
                found[name].add(threading.get_ident() == here)
            return real(*arguments, **more)

        monkeypatch.setattr(owner, name, watched)

    def ours(path: object, *_: object) -> bool:
        return str(path).startswith(str(tmp_path))

    watch(os, "fsync")
    watch(os, "replace", ours)
    watch(os, "link", ours)
    watch(os, "unlink", ours)
    watch(os, "open", ours)
    watch(builtins, "open", ours)
    watch(io, "open", ours)
    watch(local_media, "sides_and_duration")
    watch(ssl.SSLContext, "load_verify_locations")
    return found


def test_nothing_that_blocks_happens_on_the_thread_of_the_loop(threads: Threads, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(picture())
    threads.clear()

    async def main(service: SimulatedService) -> None:
        journal = tmp_path / "journal.jsonl"
        servers: dict[str, Any] = {"base_url": service.base_url, "upload_url": service.upload_url}
        async with AsyncKie("simulated", journal=journal, **servers) as client:
            result = await client.run(NanoBananaPro(prompt="x", image_input=[path, picture(32)]))
            await result.save(tmp_path / "out")
            await result.save(tmp_path / "out", overwrite=True)

    with simulated(speed=1000, limits=False) as service:
        asyncio.run(main(service))
    assert len(list((tmp_path / "out").iterdir())) == 1
    done = {"fsync", "replace", "link", "unlink", "open", "sides_and_duration", "load_verify_locations"}
    assert dict(threads) == {name: {False} for name in done}


class Recording(io.BytesIO):
    """A file that notes on which thread it is read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.readers: set[int] = set()

    def read(self, size: int | None = -1, /) -> bytes:
        self.readers.add(threading.get_ident())
        return super().read(size)


class Swallowing(httpx2.AsyncBaseTransport):
    """Reads what is sent without keeping it, and answers as the upload host does."""

    def __init__(self) -> None:
        self.size = 0
        self.pieces: list[int] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        assert isinstance(request.stream, httpx2.AsyncByteStream)
        body: AsyncIterator[bytes] = request.stream.__aiter__()
        async for chunk in body:
            self.size += len(chunk)
            self.pieces.append(len(chunk))
        assert request.headers["content-length"] == str(self.size)
        data = {"downloadUrl": "https://files.example/a.png"}
        return httpx2.Response(200, json={"success": True, "code": 200, "msg": "ok", "data": data})


def upload(media: Any) -> Swallowing:
    async def main() -> Swallowing:
        swallowing = Swallowing()
        async with httpx2.AsyncClient(transport=swallowing) as http:
            client = AsyncKie("key", http_client=http)
            await client.upload(media)
        return swallowing

    return asyncio.run(main())


def test_a_file_is_read_in_threads_while_it_is_uploaded() -> None:
    file = Recording(picture() + bytes(5_000_000))
    swallowing = upload(file)
    assert swallowing.size > 5_000_000
    assert file.readers and threading.get_ident() not in file.readers


def test_bytes_are_not_copied_to_be_uploaded() -> None:
    media = picture() + bytes(64_000_000)
    upload(picture())  # what is loaded once is not counted
    tracemalloc.start()
    swallowing = upload(media)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert swallowing.size > len(media)
    assert peak < 8_000_000


class Unhashed(bytes):
    """Bytes that are too large to be hashed while an event loop waits."""

    def __hash__(self) -> int:
        raise AssertionError("hashed")


def test_equal_bytes_are_uploaded_once_and_are_not_hashed_for_that() -> None:
    client, service, _ = virtual_kie()
    images = [Unhashed(picture()), Unhashed(picture()), Unhashed(picture(32))]
    client.run(NanoBananaPro(prompt="x", image_input=images))
    assert [name for name, _ in service.log].count("uploadStream") == 2
