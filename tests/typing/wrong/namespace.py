import kie

kie.models.image.Kling30Video(prompt="x", duration="5", mode="std")
