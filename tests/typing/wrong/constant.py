from kie.constants import RESOLUTION_4K
from kie.models import NanoBananaPro

NanoBananaPro(prompt="x", aspect_ratio=RESOLUTION_4K)
