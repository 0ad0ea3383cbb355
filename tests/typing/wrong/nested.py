from kie.models import Kling30Video

Kling30Video(prompt="x", duration="5", mode="pro", multi_prompt=[{"prompt": "a", "seconds": 3}])
