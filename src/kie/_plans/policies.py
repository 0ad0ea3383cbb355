"""Plans: what is done with an enhanced prompt. May import nothing of `kie`: the command line reads it at its start."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

EnhancePolicy: TypeAlias = Literal["off", "preview", "ask", "auto"]
"""`off`: no enhancer is asked. `preview`: what it makes is shown, and the given prompt is used. `ask`: what it makes is
used once somebody has agreed. `auto`: it is used."""
POLICIES: tuple[EnhancePolicy, ...] = get_args(EnhancePolicy)
