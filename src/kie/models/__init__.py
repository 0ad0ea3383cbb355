"""Every request class, imported when it is first used: `from kie.models import NanoBananaPro`.

`kie.models.image`, `.video`, `.audio` and `.music` hold the same classes, sorted by what their models give. Models that
give data, such as scores or descriptions, are in none of them.
"""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie.models import audio as audio
    from kie.models import image as image
    from kie.models import music as music
    from kie.models import video as video
    from kie_models import *
else:

    def __getattr__(name):
        from importlib import import_module

        if name in _NAMESPACES:
            return import_module(f"kie.models.{name}")
        return _named("kie_models", name)


_NAMESPACES = ("audio", "image", "music", "video")


def _named(index: str, name: str) -> object:
    """Import a class from one of the compiled indexes. Raises `AttributeError` if it is not there."""
    from importlib import import_module

    module = import_module(index)
    if name == "__all__":
        return module.__all__
    try:
        return getattr(module, name)
    except AttributeError:
        pass
    namespace = index.replace("kie_models", "kie.models")
    text = f"{namespace} has no class {name!r}; {_meant(name, module.__all__)}"
    # the text of an AttributeError would be lost on its way through `from kie.models import ...`
    raise (ImportError(text, name=namespace) if _imports(2) else AttributeError(text)) from None


def _imports(depth: int) -> bool:
    """Whether the caller of the caller carries out `from ... import ...`."""
    import sys
    from opcode import opmap

    frame = sys._getframe(depth + 1)
    code = frame.f_code.co_code
    return 0 <= frame.f_lasti < len(code) and code[frame.f_lasti] == opmap["IMPORT_FROM"]


def _meant(name: str, here: list[str]) -> str:
    """Which class somebody means: a name that differs in case or provider, or looks similar."""
    from difflib import get_close_matches

    import kie_models

    wanted = _flat(name)
    exact = {_flat(known): known for known in kie_models.__all__}
    if wanted in exact and exact[wanted] not in here:
        for namespace in _NAMESPACES:
            if exact[wanted] in _named(f"kie_models.{namespace}", "__all__"):  # type: ignore[operator]
                return f"it is in kie.models.{namespace}"
        return "it is in kie.models"
    flat = {_flat(known): known for known in here}
    longer = sorted((known for known in flat if wanted and known.endswith(wanted)), key=len)
    longer = longer or sorted((known for known in flat if wanted and known.startswith(wanted)), key=len)
    close = [known for known in (wanted,) if known in flat] or longer[:3]
    close = close or get_close_matches(wanted, flat, n=3, cutoff=0.7)
    if close:
        return f"did you mean {' or '.join(flat[known] for known in close)}?"
    return "kie.catalog.models() lists all models"


def _flat(name: str) -> str:
    return name.replace("_", "").lower()


def __dir__() -> list[str]:
    import kie_models

    return sorted([*kie_models.__all__, *_NAMESPACES])
