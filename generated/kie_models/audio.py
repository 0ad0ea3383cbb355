"""Request classes of the models that give speech and sounds, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.elevenlabs_text_to_dialogue_v3 import ElevenlabsTextToDialogueV3 as ElevenlabsTextToDialogueV3
    from kie_models.elevenlabs_text_to_dialogue_v3 import (
        ElevenlabsTextToDialogueV3DialogueLine as ElevenlabsTextToDialogueV3DialogueLine,
    )
    from kie_models.elevenlabs_text_to_dialogue_v3 import (
        ElevenlabsTextToDialogueV3DialogueLineDict as ElevenlabsTextToDialogueV3DialogueLineDict,
    )
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"kie_models.{module}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {
    "ElevenlabsTextToDialogueV3": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLine": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLineDict": "elevenlabs_text_to_dialogue_v3",
}

__all__ = [
    "ElevenlabsTextToDialogueV3",
    "ElevenlabsTextToDialogueV3DialogueLine",
    "ElevenlabsTextToDialogueV3DialogueLineDict",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
