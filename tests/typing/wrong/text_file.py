from kie.models import NanoBananaPro

NanoBananaPro(prompt="x", image_input=[open("a.png")])
