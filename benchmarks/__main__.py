"""`make bench`: prints absolute figures and asserts ratios. The exit status is 1 if a ratio does not hold."""

from __future__ import annotations

import asyncio
import gc
import http.client
import itertools
import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import median
from timeit import repeat
from typing import Any, cast

import httpx2

from benchmarks.agents import agents
from benchmarks.batch import ACCEPTED, DONE, batch, served, width
from benchmarks.durable import durable
from benchmarks.keeping import keeping
from benchmarks.library import library
from benchmarks.lines import lines
from benchmarks.measure import Figure, Memory, Ratio, clock, compare, compare_fresh
from benchmarks.pages import pages
from benchmarks.pictures import pictures
from benchmarks.studio import studio
from kie import Kie, RateLimit, Request, catalog, simulated
from kie._core.prices import estimate_body
from kie.models import (
    BytedanceSeedance20,
    ElevenlabsTextToSpeechTurbo25,
    Kling30Video,
    NanoBananaPro,
    Seedream5ProImageToImage,
)
from tests.batch.waiting import TOTAL, occupied


def imports() -> Iterator[Ratio]:
    yield compare_fresh("import kie / import attrs", "import kie", "import attrs", 0.3)
    yield compare_fresh(
        "import and build a client / the same with httpx2",
        "from kie import Kie; Kie('key')",
        "import httpx2; httpx2.Client()",
        1.25,
    )


def construction() -> Iterator[Ratio]:
    url = "https://example.com/a.png"
    element = {"name": "dog", "description": "a brown dog", "element_input_urls": [url, url]}
    image = {"prompt": "A lighthouse at dusk", "aspect_ratio": "16:9", "resolution": "4K", "output_format": "png"}
    video = {
        "prompt": "x",
        "duration": "5",
        "mode": "std",
        "aspect_ratio": "16:9",
        "sound": False,
        "multi_shots": False,
    }
    video |= {"image_urls": [url], "kling_elements": [element, element, element]}
    yield _construct("NanoBananaPro", NanoBananaPro, image, 12)
    yield _construct("a three-element Kling30Video", Kling30Video, video, 14)


def _construct(what: str, cls: Callable[..., Request[Any]], body: dict[str, Any], limit: float) -> Ratio:
    made = cls(**body)
    assert made.to_wire()["input"] == body
    assert made.info.schema is not None
    is_valid = made.info.schema._validator.is_valid
    assert is_valid(body)
    return compare(
        f"construct and validate {what} / is_valid", lambda: cls(**body), lambda: is_valid(body), limit, inner=40
    )


def exchange() -> Iterator[Ratio]:
    """The life of a task over a loopback socket, as users run it, and above the library's mock transport, where
    nothing is left but what both sides do in Python."""
    with served("asyncio.run(b.serve())") as base:
        client = Kie("k" * 32, base_url=base, rate_limit=RateLimit.unlimited())
        yield _life(client, httpx2.Client(), base, "a hand-written httpx2 loop", 1.3)

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text=ACCEPTED if request.method == "POST" else DONE)

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    client = Kie("k" * 32, http_client=http, rate_limit=RateLimit.unlimited())
    yield _life(client, http, "https://api.kie.ai", "the loop, both without a socket", 1.6)


def _life(client: Kie, http: httpx2.Client, base: str, what: str, limit: float) -> Ratio:
    client._driver.sleep = lambda _: None
    request = NanoBananaPro(prompt="A lighthouse at dusk")
    body = request.to_wire()
    headers = {"Authorization": f"Bearer {'k' * 32}", "User-Agent": "loop", "Accept": "application/json"}
    jobs = f"{base}/api/v1/jobs"

    def ours() -> None:
        assert client.run(request).urls == ("https://example.com/a.png",)

    def theirs() -> None:
        made = http.post(f"{jobs}/createTask", json=body, headers=headers, timeout=30).json()
        if made["code"] != 200:
            raise RuntimeError(made["msg"])
        task = made["data"]["taskId"]
        while True:
            found = http.get(f"{jobs}/recordInfo", params={"taskId": task}, headers=headers, timeout=30).json()
            if found["code"] != 200:
                raise RuntimeError(found["msg"])
            if found["data"]["state"] == "success":
                assert json.loads(found["data"]["resultJson"])["resultUrls"] == ["https://example.com/a.png"]
                return

    return compare(f"submit, one poll, parse / {what}", ours, theirs, limit, inner=4)


def simulator() -> Iterator[Ratio]:
    """An answer on a kept connection. A small write that waits for an acknowledgement would delay it by 40 ms."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"

    class Bare(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast(asyncio.Transport, transport)

        def data_received(self, data: bytes) -> None:
            self.transport.write(head)

    async def listen() -> None:
        async with await asyncio.get_running_loop().create_server(Bare, "127.0.0.1", 0) as server:
            ports.put(server.sockets[0].getsockname()[1])
            await asyncio.to_thread(done.wait)

    def asker(port: int) -> Callable[[], None]:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        headers = {"Authorization": "Bearer key", "User-Agent": "loop"}

        def ask() -> None:
            connection.request("GET", "/api/v1/chat/credit", headers=headers)
            assert connection.getresponse().read()

        return ask

    done, ports = threading.Event(), queue.Queue[int]()
    thread = threading.Thread(target=lambda: asyncio.run(listen()))
    thread.start()
    try:
        with simulated(limits=False) as service:
            ours, theirs = asker(int(service.base_url.rpartition(":")[2])), asker(ports.get())
            yield compare("an answer of the simulator / of a bare asyncio server", ours, theirs, 10, inner=10)
    finally:
        done.set()
        thread.join()


def discovery() -> Iterator[Ratio | Figure]:
    chosen = "catalog.models(category='text-to-video')"
    yield compare_fresh(
        f"import one of {len(catalog.models())} models / import attrs",
        "from kie.models import NanoBananaPro",
        "import attrs",
        1.4,
    )
    yield compare_fresh("the catalog, cold / import attrs", f"from kie import catalog; {chosen}", "import attrs", 1.0)
    yield clock("the catalog, warm", lambda: catalog.models(category="text-to-video"), 100e-6, inner=10)


def estimates() -> Iterator[Ratio]:
    """What a budget adds to each request: less than 30 µs, ten times what `json.dumps` of this body takes (3 µs)."""
    url, day = "https://example.com/a.png", date(2026, 10, 9)
    video = Kling30Video(prompt="A fox", duration="15", mode="pro", sound=True)
    edit = Seedream5ProImageToImage(prompt="A fox", image_urls=[url] * 3, quality="high")
    clips = BytedanceSeedance20(prompt="A fox", resolution="720p", duration=5, reference_video_urls=[url])
    texts = itertools.cycle([ElevenlabsTextToSpeechTurbo25(text="a" * length) for length in range(1, 3000)])
    body = cast("dict[str, Any]", video.to_wire()["input"])
    with Kie("k" * 32) as client:
        assert client.estimate([video, edit]).credits == 405 + 15
        for what, function, limit in (
            ("an estimate of a body", lambda: estimate_body("kling-3.0/video", body, today=day), 2.5),
            ("client.estimate", lambda: client.estimate(video), 5.5),
            ("client.estimate, a list of images", lambda: client.estimate(edit), 7.5),
            ("client.estimate, a clip that nobody measured", lambda: client.estimate(clips), 7.5),
            ("client.estimate, texts of 3,000 lengths", lambda: client.estimate(next(texts)), 10),
        ):
            yield compare(f"{what} / json.dumps of a video's body", function, lambda: json.dumps(body), limit, inner=40)


def planning() -> Iterator[Figure]:
    """Plan from loose input without media, after the model has been read."""
    client = Kie("k" * 32)
    loose: dict[str, dict[str, Any]] = {
        "kling 3.0": {"prompt": "Waves", "duration": "5 s", "quality": "pro", "aspect ratio": "16x9"},
        "nano-banana-2": {"prompt": "A lighthouse", "Resolution": "2k"},
    }
    for name, fields in loose.items():
        plan = partial(client.plan, name, **fields)
        assert plan().ready
        yield Figure(f"client.plan of {name}", median(repeat(plan, number=50, repeat=9)) / 50, 0.001)


def generation() -> Iterator[Figure]:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "codegen", "generate"], check=True, capture_output=True)
    whole = time.perf_counter() - started
    models = len(catalog.models(status="all"))
    yield Figure("make generate", whole, 30)
    yield Figure(f"for each of {models} models", whole / models, 0.5)


def memory() -> Iterator[Memory]:
    if sys.platform == "linux":
        for kind in ("sync", "async"):
            yield Memory(f"{TOTAL:,} waiting tasks, {kind}", occupied(kind), 60)


def main() -> int:
    ratios: list[Ratio | Figure | Memory] = []
    for group in (
        imports,
        discovery,
        construction,
        estimates,
        planning,
        exchange,
        simulator,
        generation,
        width,
        batch,
        memory,
        durable,
        lines,
        keeping,
        library,
        pages,
        studio,
        agents,
        pictures,
    ):
        gc.collect()
        gc.freeze()  # so that collections do not visit the objects of earlier groups again
        for ratio in group():
            print(ratio, flush=True)
            ratios.append(ratio)
    return 0 if all(ratio.holds for ratio in ratios) else 1


if __name__ == "__main__":
    sys.exit(main())
