"""Request classes of the models that give images, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.flux_2_pro_text_to_image import Flux2ProTextToImage as Flux2ProTextToImage
    from kie_models.google_imagen4 import GoogleImagen4 as GoogleImagen4
    from kie_models.google_nano_banana_edit import GoogleNanoBananaEdit as GoogleNanoBananaEdit
    from kie_models.ideogram_v3_remix import IdeogramV3Remix as IdeogramV3Remix
    from kie_models.nano_banana_pro import NanoBananaPro as NanoBananaPro
    from kie_models.seedream_4_5_text_to_image import Seedream45TextToImage as Seedream45TextToImage
    from kie_models.topaz_image_upscale import TopazImageUpscale as TopazImageUpscale
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"kie_models.{module}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {
    "Flux2ProTextToImage": "flux_2_pro_text_to_image",
    "GoogleImagen4": "google_imagen4",
    "GoogleNanoBananaEdit": "google_nano_banana_edit",
    "IdeogramV3Remix": "ideogram_v3_remix",
    "NanoBananaPro": "nano_banana_pro",
    "Seedream45TextToImage": "seedream_4_5_text_to_image",
    "TopazImageUpscale": "topaz_image_upscale",
}

__all__ = [
    "Flux2ProTextToImage",
    "GoogleImagen4",
    "GoogleNanoBananaEdit",
    "IdeogramV3Remix",
    "NanoBananaPro",
    "Seedream45TextToImage",
    "TopazImageUpscale",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
