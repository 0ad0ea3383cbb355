"""A FastAPI application: a request class is the body of a route, and the receiver of callbacks is mounted beside it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx2
import uvicorn
from fastapi import Body, FastAPI

from kie import AsyncKie, simulated
from kie.models import NanoBananaPro
from kie.webhooks import Receiver
from tests.processes import until_async

SECRET = "a secret to try it with"


def application(client: AsyncKie, receiver: Receiver) -> FastAPI:
    app = FastAPI()

    async def make(picture: Annotated[NanoBananaPro, Body()]) -> dict[str, Any]:
        result = await client.run(picture, via=receiver, timeout=30)
        return {"urls": result.urls, "first": (await result.assets[0].read())[:4].hex()}

    app.post("/pictures")(make)
    app.mount("/kie", receiver.asgi)
    return app


@asynccontextmanager
async def served(app: Any, listener: socket.socket) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, http="h11", ws="none", log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def test_an_application_makes_pictures_and_receives_the_callbacks() -> None:
    reports: list[str] = []

    async def main() -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        receiver = Receiver(SECRET, url=f"{address}/kie/", on_status=lambda status: reports.append(status.state))
        async with (
            simulated(speed=100, webhook_key=SECRET) as service,
            service.async_client() as client,
            served(application(client, receiver), listener),
            httpx2.AsyncClient(base_url=address, trust_env=False, timeout=60) as web,
        ):
            answer = await web.post("/pictures", json={"prompt": "A fox", "aspect_ratio": "16:9"})
            assert answer.status_code == 200, answer.text
            assert answer.json()["first"] == b"\x89PNG".hex()
            wrong = await web.post("/pictures", json={"prompt": "", "resolution": "8K", "image_input": ["/etc/passwd"]})
            assert wrong.status_code == 422
            places = {tuple(fault["loc"]) for fault in wrong.json()["detail"]}
            assert places == {("body", "prompt"), ("body", "image_input", 0), ("body", "resolution")}
            document = (await web.get("/openapi.json")).json()
            await until_async(lambda: reports)  # a poll may have been quicker
        shown = str(document["paths"]["/pictures"]["post"]["requestBody"]) + str(document.get("components"))
        assert "16:9" in shown and "x-kie" not in shown
        assert len(service.state.accepted) == 1

    asyncio.run(main())
    assert reports == ["succeeded"]
