"""Show what would be sent for a request, local files included. Nothing is uploaded or sent."""

import json

from kie import Kie, RequestInvalid


def main() -> None:
    with Kie("no-key") as client:
        checked = client.check("kling-2.6/text-to-video", prompt="A cinematic reveal", sound=False, duration="5")
        print(json.dumps(checked, indent=2))
        try:
            client.check("kling-2.6/text-to-video", prompt="A cinematic reveal", duration="7")
        except RequestInvalid as error:
            for issue in error.issues:
                print(issue)


if __name__ == "__main__":
    main()
