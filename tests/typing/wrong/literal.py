from kie.models import NanoBananaPro

NanoBananaPro(prompt="x", resolution="8K")
