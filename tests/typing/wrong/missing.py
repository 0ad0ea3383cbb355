from kie.models import Kling30Video

Kling30Video(prompt="x", duration="5")
