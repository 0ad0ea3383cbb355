"""Receive callbacks in an ASGI application, and wait for one instead of polling.

Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the built-in simulator. For Kie.ai, KIE_WEBHOOK_SECRET is the
key made at https://kie.ai/settings, and KIE_WEBHOOK_URL an address at which the service reaches port 8765 of this
machine, that of a tunnel say.
"""

import asyncio
import os
import socket
from contextlib import AsyncExitStack

import uvicorn

from kie import AsyncKie, TaskStatus, simulated
from kie.models import NanoBananaPro
from kie.webhooks import Receiver

SECRET = os.environ.get("KIE_WEBHOOK_SECRET") or "a secret to try it with"


async def show(status: TaskStatus) -> None:
    """Called once for every report, of this task or any other of the account."""
    print(f"the service reports: {status.ref} {status.state}")


async def main() -> None:
    public = os.environ.get("KIE_WEBHOOK_URL")
    listener = socket.create_server(("127.0.0.1", 8765 if public else 0))
    url = public or f"http://127.0.0.1:{listener.getsockname()[1]}/"
    receiver = Receiver(SECRET, url=url, on_status=show)
    server = uvicorn.Server(uvicorn.Config(receiver.asgi, log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    async with AsyncExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = await stack.enter_async_context(AsyncKie())
        else:
            client = (await stack.enter_async_context(simulated(webhook_key=SECRET))).async_client()
        result = await client.run(NanoBananaPro(prompt="A lighthouse at dusk"), via=receiver)
        print(*await result.save("out"))
    server.should_exit = True
    await serving


if __name__ == "__main__":
    asyncio.run(main())
