from kie import AsyncKie
from kie.models import NanoBananaPro


async def main(client: AsyncKie) -> None:
    result = await client.run(NanoBananaPro(prompt="x"))
    result.save("out")
