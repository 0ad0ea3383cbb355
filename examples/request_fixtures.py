"""Go through the loose requests that come along for tests, and show the state of each. Nothing is sent."""

from kie import Kie
from kie.testing import fixtures


def main() -> None:
    with Kie("no-key") as client:
        for fixture in fixtures.REQUESTS.values():
            print(f"{fixture.name}: {fixture.plan(client).state}; {fixture.about}")


if __name__ == "__main__":
    main()
