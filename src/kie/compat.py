"""What kie-go users know: a request builder, names of fields, and lists of models. May import `catalog`, `_core`.

New code does not need this module. Where the model is known when the code is written, its class is better, because an
editor knows its fields. `docs/compat.md` maps the rest of kie-go to `kie`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar, cast, overload

import attrs

from kie import catalog
from kie._core.errors import ConfigError
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import Result

__all__ = [
    "PARAM_ASPECT_RATIO",
    "PARAM_AUDIO_URL",
    "PARAM_CAMERA_FIXED",
    "PARAM_CFG_SCALE",
    "PARAM_DURATION",
    "PARAM_ENABLE_SAFETY_CHECKER",
    "PARAM_END_IMAGE_URL",
    "PARAM_GUIDANCE_SCALE",
    "PARAM_IMAGE",
    "PARAM_IMAGE_INPUT",
    "PARAM_IMAGE_SIZE",
    "PARAM_IMAGE_URL",
    "PARAM_IMAGE_URLS",
    "PARAM_INPUT_URLS",
    "PARAM_MODE",
    "PARAM_N",
    "PARAM_NEGATIVE_PROMPT",
    "PARAM_NUM_IMAGES",
    "PARAM_OUTPUT_FORMAT",
    "PARAM_PROMPT",
    "PARAM_PROMPT_OPTIMIZER",
    "PARAM_QUALITY",
    "PARAM_RENDERING_SPEED",
    "PARAM_RESOLUTION",
    "PARAM_SCALE",
    "PARAM_SEED",
    "PARAM_STRENGTH",
    "PARAM_STYLE",
    "PARAM_TAIL_IMAGE_URL",
    "PARAM_VIDEO_URL",
    "PARAM_VIDEO_URLS",
    "RequestBuilder",
    "all_models",
    "audio_models",
    "image_models",
    "request",
    "video_models",
]

# Names of fields, for what to make
PARAM_PROMPT: Final = "prompt"
PARAM_NEGATIVE_PROMPT: Final = "negative_prompt"
PARAM_ASPECT_RATIO: Final = "aspect_ratio"
PARAM_IMAGE_SIZE: Final = "image_size"
PARAM_RESOLUTION: Final = "resolution"
PARAM_OUTPUT_FORMAT: Final = "output_format"
PARAM_SEED: Final = "seed"

# Names of fields, for images to start from
PARAM_IMAGE: Final = "image"
PARAM_IMAGE_URL: Final = "image_url"
PARAM_IMAGE_URLS: Final = "image_urls"
PARAM_IMAGE_INPUT: Final = "image_input"
PARAM_INPUT_URLS: Final = "input_urls"
PARAM_END_IMAGE_URL: Final = "end_image_url"
PARAM_TAIL_IMAGE_URL: Final = "tail_image_url"

# Names of fields, for videos and sound
PARAM_DURATION: Final = "duration"
PARAM_MODE: Final = "mode"
PARAM_VIDEO_URL: Final = "video_url"
PARAM_VIDEO_URLS: Final = "video_urls"
PARAM_AUDIO_URL: Final = "audio_url"
PARAM_CAMERA_FIXED: Final = "camera_fixed"

# Names of fields, for how many and how large
PARAM_N: Final = "n"
PARAM_NUM_IMAGES: Final = "num_images"
PARAM_SCALE: Final = "scale"

# Names of fields, for quality and style
PARAM_QUALITY: Final = "quality"
PARAM_STYLE: Final = "style"
PARAM_RENDERING_SPEED: Final = "rendering_speed"

# Names of fields, for advanced use
PARAM_CFG_SCALE: Final = "cfg_scale"
PARAM_GUIDANCE_SCALE: Final = "guidance_scale"
PARAM_STRENGTH: Final = "strength"
PARAM_PROMPT_OPTIMIZER: Final = "prompt_optimizer"
PARAM_ENABLE_SAFETY_CHECKER: Final = "enable_safety_checker"

Q_co = TypeVar("Q_co", bound=Request[Any], covariant=True)
Q = TypeVar("Q", bound=Request[Any])


@attrs.frozen(repr=False)
class RequestBuilder(Generic[Q_co]):
    """A model and the fields set so far. Create one with `request`.

    A builder never changes: each setter returns a new one. `validate` and `build` check the fields and report all
    faults at once. A field may be named as in Python or as on the wire. None omits a field, even if it has a default.
    """

    _cls: type[Q_co]
    _fields: Mapping[str, object] = attrs.field(factory=dict, kw_only=True)

    @property
    def model(self) -> catalog.Model:
        """The model's entry in the catalog.

        Raises:
            UnknownModel: The class does not belong to a model of the catalog.
        """
        return catalog.get(self._cls.info.name)

    def set(self, name: str, value: object) -> RequestBuilder[Q_co]:
        """Set any field.

        Args:
            name: The name of the field, as in Python or as on the wire.
            value: Its value. A later value replaces an earlier one; None omits the field.

        Returns:
            A new builder.
        """
        names = {wire: python for python, wire in self._cls.__kie_plan__()}
        return attrs.evolve(self, fields={**self._fields, names.get(name, name): value})

    def prompt(self, text: str) -> RequestBuilder[Q_co]:
        """Set `prompt`: what to make."""
        return self.set("prompt", text)

    def negative_prompt(self, text: str) -> RequestBuilder[Q_co]:
        """Set `negative_prompt`: what to leave out."""
        return self.set("negative_prompt", text)

    def aspect_ratio(self, ratio: str) -> RequestBuilder[Q_co]:
        """Set `aspect_ratio`, such as `constants.RATIO_16X9`."""
        return self.set("aspect_ratio", ratio)

    def image_urls(self, *images: Media) -> RequestBuilder[Q_co]:
        """Set `image_urls`: URLs or local media, one argument each."""
        return self.set("image_urls", images)

    def image_url(self, image: Media) -> RequestBuilder[Q_co]:
        """Set `image_url`: one URL, or local media."""
        return self.set("image_url", image)

    def image_input(self, *images: Media) -> RequestBuilder[Q_co]:
        """Set `image_input`: URLs or local media, one argument each."""
        return self.set("image_input", images)

    def seed(self, number: int) -> RequestBuilder[Q_co]:
        """Set `seed`: the same seed gives similar results."""
        return self.set("seed", number)

    def resolution(self, resolution: str) -> RequestBuilder[Q_co]:
        """Set `resolution`, such as `constants.RESOLUTION_4K`."""
        return self.set("resolution", resolution)

    def output_format(self, name: str) -> RequestBuilder[Q_co]:
        """Set `output_format`, such as `constants.FORMAT_PNG`."""
        return self.set("output_format", name)

    def duration(self, seconds: str | int) -> RequestBuilder[Q_co]:
        """Set `duration` as the model spells it: 5, "5" (`constants.DURATION_5SEC`) or "5s" (`DURATION_5S`)."""
        return self.set("duration", seconds)

    def style(self, name: str) -> RequestBuilder[Q_co]:
        """Set `style`, such as `constants.STYLE_REALISTIC`."""
        return self.set("style", name)

    def strength(self, amount: float) -> RequestBuilder[Q_co]:
        """Set `strength`: how much to change the input image, from 0 to 1."""
        return self.set("strength", amount)

    def image_size(self, name: str) -> RequestBuilder[Q_co]:
        """Set `image_size`, such as `constants.SIZE_SQUARE_HD`."""
        return self.set("image_size", name)

    def num_images(self, number: str | int) -> RequestBuilder[Q_co]:
        """Set `num_images`: how many to make, as the model spells it: 2 or "2"."""
        return self.set("num_images", number)

    def params(self) -> dict[str, object]:
        """Copy the fields set so far into a dict, by their Python names."""
        return dict(self._fields)

    def validate(self) -> None:
        """Check the fields, and send nothing.

        Raises:
            RequestInvalid: Fields are missing, wrong or unknown; `issues` lists them all.
        """
        self.build()

    def build(self) -> Q_co:
        """Check the fields and create the request.

        Returns:
            An instance of the model's request class, for `client.run` and the like.

        Raises:
            RequestInvalid: Fields are missing, wrong or unknown; `issues` lists them all.
        """
        return self._cls(**self._fields)

    def __repr__(self) -> str:
        fields = "".join(f", {name}=…" for name in self._fields)
        return f"<request of {self._cls.info.name}{fields}>"


@overload
def request(model: type[Q]) -> RequestBuilder[Q]: ...


@overload
def request(model: str) -> RequestBuilder[Request[Result]]: ...


def request(model: type[Q] | str) -> RequestBuilder[Q] | RequestBuilder[Request[Result]]:
    """Start a request for a model.

    ::

        compat.request("nano-banana-pro").prompt("A lighthouse").set("resolution", "4K").build()

    Args:
        model: A request class, or anything that `catalog.resolve` accepts: an id, a class name or a shorthand. A
            shorthand gives a `UserWarning`.

    Returns:
        A builder without any fields.

    Raises:
        UnknownModel: No model has this name; `nearest` lists similar ids.
        ConfigError: The class is not the request class of one model.
    """
    if isinstance(model, str):
        return RequestBuilder(catalog.resolve(model).request_class)
    if not isinstance(cast(object, getattr(model, "info", None)), ModelInfo):
        raise ConfigError(f"{model!r} is not the request class of one model")
    return RequestBuilder(model)


def all_models() -> tuple[catalog.Model, ...]:
    """List every active or superseded model, as `catalog.models()` does."""
    return catalog.models()


def image_models() -> tuple[catalog.Model, ...]:
    """List the active models that give images."""
    return catalog.models(kind="image")


def video_models() -> tuple[catalog.Model, ...]:
    """List the active models that give videos."""
    return catalog.models(kind="video")


def audio_models() -> tuple[catalog.Model, ...]:
    """List the active models that give speech or sounds; `catalog.models(kind="music")` lists those for songs."""
    return catalog.models(kind="audio")
