"""Decide before money is spent: allow, warn, ask, or refuse. Nothing is sent."""

from kie import Kie


def main() -> None:
    with Kie("no-key") as client:
        for duration, mode in ((3, "std"), (5, "pro"), (15, "pro"), (15, "4K")):
            plan = client.plan(
                "kling 3.0",
                prompt="A lighthouse",
                duration=duration,
                mode=mode,
                sound=True,
                warn_above=50,
                confirm_above=300,
                budget=500,
            )
            print(f"{duration} s, {mode}: {plan.decision} at {plan.estimate} ({'; '.join(plan.reasons) or 'nothing'})")


if __name__ == "__main__":
    main()
