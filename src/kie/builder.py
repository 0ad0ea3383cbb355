"""Floor 2: requests put together field by field, for models that are chosen at run time. May import `catalog`, `core`.

Where the model is known as the code is written, its class is better: an editor knows the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar, cast, overload

import attrs

from kie import catalog
from kie._core.errors import ConfigError
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import Result

Q_co = TypeVar("Q_co", bound=Request[Any], covariant=True)
Q = TypeVar("Q", bound=Request[Any])


@attrs.frozen(repr=False)
class RequestBuilder(Generic[Q_co]):
    """A model and the fields set so far. It never changes: each method returns a builder with one field more.

    Nothing is judged before `validate` or `build`; what is wrong is reported then, all at once. A field may be named
    as in Python or as on the wire. Setting None leaves a field out, its default included.
    """

    _cls: type[Q_co]
    _fields: Mapping[str, object] = attrs.field(factory=dict, kw_only=True)

    @property
    def model(self) -> catalog.Model:
        """The model's entry in the catalog. Raises `UnknownModel` for a class that is not of the catalog."""
        return catalog.get(self._cls.info.name)

    def set(self, name: str, value: object) -> RequestBuilder[Q_co]:
        """Set any field. The later value counts, where one is set twice."""
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
        """Set `seed`: with the same one a model gives similar results again."""
        return self.set("seed", number)

    def resolution(self, resolution: str) -> RequestBuilder[Q_co]:
        """Set `resolution`, such as `constants.RESOLUTION_4K`."""
        return self.set("resolution", resolution)

    def output_format(self, name: str) -> RequestBuilder[Q_co]:
        """Set `output_format`, such as `constants.FORMAT_PNG`."""
        return self.set("output_format", name)

    def duration(self, seconds: str | int) -> RequestBuilder[Q_co]:
        """Set `duration`, as the model spells it: 5, "5" (`constants.DURATION_5SEC`) or "5s" (`DURATION_5S`)."""
        return self.set("duration", seconds)

    def style(self, name: str) -> RequestBuilder[Q_co]:
        """Set `style`, such as `constants.STYLE_REALISTIC`."""
        return self.set("style", name)

    def strength(self, amount: float) -> RequestBuilder[Q_co]:
        """Set `strength`: how far to go from the input image, from 0 to 1."""
        return self.set("strength", amount)

    def image_size(self, name: str) -> RequestBuilder[Q_co]:
        """Set `image_size`, such as `constants.SIZE_SQUARE_HD`."""
        return self.set("image_size", name)

    def num_images(self, number: str | int) -> RequestBuilder[Q_co]:
        """Set `num_images`: how many to make, as the model spells it: 2 or "2"."""
        return self.set("num_images", number)

    def params(self) -> dict[str, object]:
        """The fields set so far, by their Python names; a dict of its own."""
        return dict(self._fields)

    def validate(self) -> None:
        """Raises `RequestInvalid` with every fault, fields that the model does not have included. Sends nothing."""
        self.build()

    def build(self) -> Q_co:
        """The request, for `client.run` and the others. Raises `RequestInvalid` with every fault."""
        return self._cls(**self._fields)

    def __repr__(self) -> str:
        fields = "".join(f", {name}=…" for name in self._fields)
        return f"<request of {self._cls.info.name}{fields}>"


@overload
def request(model: type[Q]) -> RequestBuilder[Q]: ...


@overload
def request(model: str) -> RequestBuilder[Request[Result]]: ...


def request(model: type[Q] | str) -> RequestBuilder[Q] | RequestBuilder[Request[Result]]:
    """Begin a request of a model: a request class, or what `catalog.resolve` reads (an id, a class name …).

    ::

        kie.request("nano-banana-pro").prompt("A lighthouse").set("resolution", "4K").build()

    Raises `UnknownModel` for a name that is none, with the nearest ids, and `ConfigError` for a class that has no
    model of its own. A shorthand gives a `UserWarning`.
    """
    if isinstance(model, str):
        return RequestBuilder(catalog.resolve(model).request_class)
    if not isinstance(cast(object, getattr(model, "info", None)), ModelInfo):
        raise ConfigError(f"{model!r} is not the request class of one model")
    return RequestBuilder(model)
