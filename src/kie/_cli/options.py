"""CLI: options, each declared once: as an attribute of a class, with what click needs to know. May import `_flow`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

import attrs
import click

if TYPE_CHECKING:
    from typing import Any

    from attr import AttrsInstance

    from kie._flow.overrides import Overrides

F = TypeVar("F", bound=Callable[..., object])
T = TypeVar("T", bound="AttrsInstance")


def option(*names: str, **settings: Any) -> Any:
    """Declare an attribute that an option sets.

    Args:
        names: The names of the option; else it is named like the attribute.
        **settings: What `click.Option` takes.
    """
    default = False if settings.get("is_flag") else settings.get("default")
    return attrs.field(default=default, metadata={"names": names, "settings": settings})


def options_of(cls: type[AttrsInstance], **more: Any) -> list[click.Option]:
    """Return the options that set the attributes of a class; `more` is what `click.Option` takes for each of them."""
    return [
        click.Option(
            [field.name, *(field.metadata["names"] or [f"--{field.name.replace('_', '-')}"])],
            **field.metadata["settings"],
            **more,
        )
        for field in attrs.fields(cls)
    ]


def parsed(cls: type[T], given: Mapping[str, object]) -> T:
    """Make such a class from the values of all options of a command."""
    values = {field.name: given[field.name] for field in attrs.fields(cls)}
    return cls(**cast("dict[str, Any]", values))


def with_options(*options: click.Option) -> Callable[[F], F]:
    """Return a decorator, to be placed below `@command`, that adds ready-made options."""

    def add(function: F) -> F:
        params: list[click.Parameter] = list(getattr(function, "__click_params__", []))
        # click reads this list from its end, as decorators are applied from below
        function.__click_params__ = [*reversed(options), *params]  # type: ignore[attr-defined]
        return function

    return add


@attrs.frozen(kw_only=True)
class WaitOptions:
    """The options of a command that waits for a task and shows its result."""

    save: str | None = option(
        metavar="PATH",
        help="Download the files of each result: into this folder, under this name (picture.png), or one made of "
        "{id}, {model}, {n} and {ext}, such as 'out/{id}-{n}.{ext}'.",
    )
    timeout: float = option(
        type=float, default=1800.0, show_default=True, metavar="SECONDS", help="Maximum time to wait for a task."
    )
    quiet: bool = option(is_flag=True, help="Show no progress, and only the paths or URLs of the result.")


@attrs.frozen(kw_only=True)
class TaskOptions(WaitOptions):
    """What holds for each task that a command submits."""

    callback_url: str | None = option(metavar="URL", help="URL to which the service reports the outcome of each task.")
    tag: tuple[str, ...] = option(
        multiple=True, metavar="TEXT", help="With --library: a tag that is kept with the run. Repeatable."
    )
    allow_retired: bool = option(is_flag=True, help="Submit even if the vendor has retired the model.")


@attrs.frozen(kw_only=True)
class SubmitOptions(TaskOptions):
    """The options of a command that submits tasks."""

    sidecar: bool = option(is_flag=True, help="With --save: write the request beside each file, as picture.png.json.")
    simulate: bool = option(is_flag=True, help="Use the built-in simulator: no key, no cost.")
    speed: float | None = option(type=float, help="With --simulate: time runs this many times faster. Default: 20.")

    def __attrs_post_init__(self) -> None:
        if self.sidecar and not self.save:
            raise click.UsageError("--sidecar needs --save: it is written beside the files")
        if self.speed is not None and not self.simulate:
            raise click.UsageError("--speed has no effect without --simulate; add --simulate or leave --speed out")

    @property
    def overrides(self) -> Overrides:
        """The options that a client takes."""
        return {
            "timeout": self.timeout,
            "callback_url": self.callback_url,
            "allow_retired": self.allow_retired,
            "tags": self.tag,
        }

    @property
    def simulation(self) -> float | None:
        """How many times faster than real time the simulator runs; None for the service."""
        speed = 20.0 if self.speed is None else self.speed
        return speed if self.simulate else None
