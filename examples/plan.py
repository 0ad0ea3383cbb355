"""Turn loose input, as a form or an agent gives it, into a request, and show what was made of it. Nothing is sent."""

from kie import Kie


def main() -> None:
    with Kie("no-key") as client:
        plan = client.plan(
            "kling 3.0", prompt="A cinematic reveal", images=["https://example.com/start.png"], duration="5s"
        )
        print(plan.state)
        for choice in plan.choices:
            print(f"open: {choice}")
        plan = plan.answer(mode="pro")
        print(plan.state)
        for title, issues in (("filled in", plan.defaulted), ("mind", plan.warnings), ("wrong", plan.faults)):
            for issue in issues:
                print(f"{title}: {issue}")
        print(*plan.changes, plan.request, sep="\n")


if __name__ == "__main__":
    main()
