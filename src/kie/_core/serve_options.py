"""Core: the options of a simulated service, declared once for `kie simulate` and `python -m kie.simulator`.

They are here so that the command line can show its help without loading the simulator. May import nothing of ours.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class ServeOption:
    """One option, for an argument of `kie.simulated`. Without a type it is a switch, which `--no-NAME` turns off."""

    name: str
    help: str
    type: type[int | float | str] | None = attrs.field(default=None, kw_only=True)
    default: int | float | str | bool | None = attrs.field(default=None, kw_only=True)
    metavar: str | None = attrs.field(default=None, kw_only=True)
    most: int | None = attrs.field(default=None, kw_only=True)
    """The largest whole number allowed. The smallest is 0."""

    @property
    def flag(self) -> str:
        """The option as typed on the command line."""
        return f"--{self.name.replace('_', '-')}"


SERVE_OPTIONS = (
    ServeOption("port", "Port to listen on; 0 takes a free one.", type=int, default=0, most=65535),
    ServeOption("speed", "Time runs this many times faster.", type=float, default=1.0),
    ServeOption("faults", "JSON file with a script of faults.", type=str, metavar="FILE"),
    ServeOption("credits", "Initial balance.", type=str, default="1000", metavar="N"),
    ServeOption("webhook_key", "Key to sign callbacks with.", type=str, metavar="KEY"),
    ServeOption("accept_unknown", "Accept models and fields that the catalog does not know.", default=False),
    ServeOption("limits", "Whether the documented rate limits apply.", default=True),
)
