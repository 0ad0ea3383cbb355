from kie import Kie, VideoResult
from kie.models import NanoBananaPro

result: VideoResult = Kie("key").run(NanoBananaPro(prompt="x"))
