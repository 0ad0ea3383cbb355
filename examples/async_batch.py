"""Make several images side by side. Uses Kie.ai if KIE_API_KEY is set (it costs credits), else the simulator.

The client keeps to the service's limits by itself, so all requests may start at once. One that fails does not keep the
others from being saved.
"""

import asyncio
import os
from contextlib import AsyncExitStack

from kie import AsyncKie, KieError, simulated
from kie.models import NanoBananaPro

SEASONS = ("spring", "summer", "autumn", "winter")


async def make(client: AsyncKie, season: str) -> str:
    result = await client.run(NanoBananaPro(prompt=f"A lighthouse in {season}"))
    paths = await result.save("out")
    return f"{season}: {paths[0]}"


async def main() -> None:
    async with AsyncExitStack() as stack:
        if os.environ.get("KIE_API_KEY"):
            client = await stack.enter_async_context(AsyncKie())
        else:
            client = (await stack.enter_async_context(simulated())).async_client()
        made = await asyncio.gather(*(make(client, season) for season in SEASONS), return_exceptions=True)
        for season, outcome in zip(SEASONS, made, strict=True):
            match outcome:
                case str():
                    print(outcome)
                case KieError():
                    print(f"{season}: {outcome}")
                case error:
                    raise error


if __name__ == "__main__":
    asyncio.run(main())
