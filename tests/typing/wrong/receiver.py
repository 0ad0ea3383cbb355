from kie import Kie
from kie.models import NanoBananaPro

Kie("key").run(NanoBananaPro(prompt="x"), via="https://example.com/kie")
