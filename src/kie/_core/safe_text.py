"""Core: how values and errors of users are shown: their own code may fail while it does so. May import nothing of
ours."""

from __future__ import annotations


def repr_of(value: object) -> str:
    """The `repr` of a value; its type in angle brackets if that fails."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


def text_of(error: BaseException) -> str:
    """What an error says; an empty text if it says nothing, or fails to."""
    try:
        return str(error)
    except Exception:
        return ""


def described(error: BaseException) -> str:
    """The type of an error, and what it says if it says anything."""
    text = text_of(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
