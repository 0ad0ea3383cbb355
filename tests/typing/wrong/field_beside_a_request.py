from kie import Kie
from kie.models import NanoBananaPro

Kie("key").run(NanoBananaPro(prompt="A fox"), resolution="4K")
