"""Core: how values and errors of users are shown: their own code may fail while it does so. May import nothing of
ours."""

from __future__ import annotations

SHOWN = 100
"""The most characters of a value that a message shows."""


def attribute_of(value: object, name: str, default: object = None) -> object:
    """An attribute of any object; the default if it has no such attribute or raises."""
    try:
        return getattr(value, name, default)
    except Exception:
        return default


def repr_of(value: object) -> str:
    """The `repr` of a value; its type in angle brackets if that fails."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


def short_repr(value: object) -> str:
    """The `repr` of a value that was given instead of a figure or a short text. It is shortened if it is long."""
    text = repr_of(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}\N{HORIZONTAL ELLIPSIS}"


def url_repr(url: object) -> str:
    """The `repr` of a supposed URL, without its user name, password, query and fragment, which may be secret."""
    if not isinstance(url, str):
        return short_repr(url)
    place, mark, _ = url.partition("#")
    if "?" in place:
        place, mark = place.partition("?")[0], "?"
    if "@" in place:
        scheme, slashes, _ = place.partition("//")
        place = (scheme + slashes if slashes else "") + "\N{HORIZONTAL ELLIPSIS}@" + place.rpartition("@")[2]
    return short_repr(place + mark + ("\N{HORIZONTAL ELLIPSIS}" if mark else ""))


def kind_of(value: object) -> str:
    """The type of a value, with its article: an int, a dict."""
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def text_of(error: BaseException) -> str:
    """The text of an error; empty if it has none, or raises."""
    try:
        return str(error)
    except Exception:
        return ""


def described(error: BaseException) -> str:
    """The type of an error, and its text if it has any."""
    text = text_of(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def visible(text: str) -> str:
    """A text on one line, without characters that move a terminal's cursor, or that reorder or hide other text."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


class Tamed:
    """Passes on what a user's code raises in a `with` block.

    If inspecting the error itself fails, it becomes a `RuntimeError`, because no facts about a task could be added to
    it.
    """

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        try:
            sound = not isinstance(error, Tamed) and isinstance(error.__dict__, dict)  # asks for its `__class__`
        except BaseException:
            sound = False
        if not sound:
            raise RuntimeError(f"a function or transport of yours raised {type(error).__name__}, a broken error")


TAMED = Tamed()
