from kie import Kie
from kie.models import SunoExtend, SunoGenerate

music = Kie("key").run(SunoGenerate(prompt="x", custom_mode=False, instrumental=True, model="V5"))
SunoExtend(audio_id=music.tracks, default_param_flag=False, model="V5")
