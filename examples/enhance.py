"""Show which preset a prompt gets, and what an enhancer would make of it. Nothing is sent.

`ChatEnhancer(client)` of `kie.plans` asks a language model at Kie instead, with the same key; that costs credits.
"""

from kie import Kie
from kie.plans import Brief, Plan


class Longer:
    """Stands for a language model."""

    def enhance(self, brief: Brief) -> str:
        return f"{brief.prompt}, on a rocky coast, in the last light"


def show(plan: Plan) -> None:
    print(f"{plan.model}: {plan.preset.reason}")
    if plan.prompts is not None:
        print(f"  given: {plan.prompts.raw}; enhanced: {plan.prompts.enhanced}; sent: {plan.prompts.final}")


def main() -> None:
    start = "https://example.com/start.png"
    with Kie("no-key") as client:
        show(client.plan("nano banana 2", prompt="A lighthouse", enhance="preview", enhancer=Longer()))
        show(client.plan("wan 2.5", prompt="A storm", images=start, duration=5, enhance="auto", enhancer=Longer()))


if __name__ == "__main__":
    main()
