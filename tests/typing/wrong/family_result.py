from kie import Kie, VideoResult
from kie.models import SunoGenerate

request = SunoGenerate(prompt="x", custom_mode=False, instrumental=True, model="V5")
result: VideoResult = Kie("key").run(request)
