from kie.models import NanoBananaPro

NanoBananaPro(promt="x")
