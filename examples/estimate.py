"""Compare what requests would cost before one of them is made. Nothing is sent."""

from kie import Kie
from kie.models import Kling30Video, NanoBananaPro


def main() -> None:
    requests = {
        "an image": NanoBananaPro(prompt="A lighthouse"),
        "an image in 4K": NanoBananaPro(prompt="A lighthouse", resolution="4K"),
        "5 s of video": Kling30Video(prompt="A lighthouse", duration="5", mode="pro"),
        "15 s of video with sound": Kling30Video(prompt="A lighthouse", duration="15", mode="pro", sound=True),
    }
    with Kie("no-key") as client:
        for title, request in requests.items():
            estimate = client.estimate(request)
            print(f"{title}: {estimate.credits} credits by the list of {estimate.listed}")
        print(f"together: at most {client.estimate(requests.values()).at_most} credits")


if __name__ == "__main__":
    main()
