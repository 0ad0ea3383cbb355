from kie import AsyncKie, ImageResult
from kie.models import NanoBananaPro


def store(result: ImageResult) -> None:
    result.save("out")


async def main(client: AsyncKie) -> None:
    store(await client.run(NanoBananaPro(prompt="x")))
