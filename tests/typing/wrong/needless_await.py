from kie import Kie
from kie.models import NanoBananaPro


async def main(client: Kie) -> None:
    result = client.run(NanoBananaPro(prompt="x"))
    await result.save("out")
