"""Say what images are for: a first frame, a last frame, references. Nothing is sent."""

from kie import Kie

START, END = "https://example.com/start.png", "https://example.com/end.png"


def main() -> None:
    with Kie("no-key") as client:
        tries = {
            "by position": [START, END],
            "by role": {"first_frame": START, "last_frame": END},
            "as references": {"reference": [START, END]},
            "both at once": {"first_frame": START, "reference": END},
        }
        for title, images in tries.items():
            plan = client.plan("seedance 2.0", prompt="The tide comes in", images=images)
            print(f"{title}: {plan.state}, {plan.request.to_wire()['input'] if plan.request else plan.faults}")


if __name__ == "__main__":
    main()
