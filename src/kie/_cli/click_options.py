"""CLI: declares each option once, as an attribute of a class with its settings for click. May import `_flow`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import TYPE_CHECKING, TypeVar, cast

import attrs
import click
from click.core import iter_params_for_processing

if TYPE_CHECKING:
    from typing import Any

    from attr import AttrsInstance

    from kie._flow.overrides import Overrides

    _Number = click.ParamType[float]
else:
    _Number = click.ParamType  # not generic in older versions

F = TypeVar("F", bound=Callable[..., object])
T = TypeVar("T", bound="AttrsInstance")


class Positive(_Number):
    """A finite number above 0, such as a number of seconds."""

    name = "float"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the number. Fails with `BadParameter`."""
        try:
            number = float(cast("str | float", value))
        except ValueError:
            number = 0.0
        if not isfinite(number) or number <= 0:
            self.fail(f"{value!r} is not a finite number above 0", param, ctx)
        return number


POSITIVE = Positive()


class ThoroughCommand(click.Command):
    """A command that reports all invalid option values at once, not only the first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Raises `click.UsageError` with every fault."""
        given = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            faults = self.faults(ctx, given)
            if len(faults) < 2:
                raise
            raise click.UsageError("\n".join(fault.format_message() for fault in faults), error.ctx or ctx) from None

    def faults(self, ctx: click.Context, args: list[str]) -> list[click.BadParameter]:
        """Return the faults of each single option and argument."""
        values, _, order = self.make_parser(ctx).parse_args([*args])
        found: list[click.BadParameter] = []
        for param in iter_params_for_processing(order, self.get_params(ctx)):
            try:
                value, _ = param.consume_value(ctx, values)
                param.process_value(ctx, value)
            except click.BadParameter as error:
                error.ctx, error.param = error.ctx or ctx, error.param or param
                found.append(error)
        return found


SPEED = 20.0
"""How many times faster the simulator runs, unless --speed says otherwise."""


def together(*checks: Callable[[], object]) -> None:
    """Run all checks, and raise one `click.UsageError` with all faults."""
    faults: list[str] = []
    for check in checks:
        try:
            check()
        except click.UsageError as error:
            faults.append(error.message)
    if faults:
        raise click.UsageError("\n".join(faults))


SIMULATED = "simulated: nothing is sent to Kie.ai, nothing is charged, and the files are samples"
"""The first line of a command that submits to the simulator."""


def option(*names: str, **settings: Any) -> Any:
    """Declare an attribute that an option sets.

    Args:
        names: The names of the option; by default that of the attribute.
        **settings: What `click.Option` takes.
    """
    default = False if settings.get("is_flag") else settings.get("default")
    return attrs.field(default=default, metadata={"names": names, "settings": settings})


def simulate_option() -> Any:
    """Declare `simulate`."""
    return option(is_flag=True, help="Use the built-in simulator: no key, no cost.")


def speed_option() -> Any:
    """Declare `speed`, which goes with `simulate`."""
    return option(type=POSITIVE, help="With --simulate: time runs this many times faster. Default: 20.")


def check_speed(simulate: bool, speed: float | None) -> None:
    """Refuse a speed without the simulator. Raises `UsageError`."""
    if speed is not None and not simulate:
        raise click.UsageError("--speed has no effect without --simulate; add --simulate or leave --speed out")


def simulation(simulate: bool, speed: float | None) -> float | None:
    """Return how many times faster than real time the simulator runs; None for the service."""
    if not simulate:
        return None
    return SPEED if speed is None else speed


def options_of(cls: type[AttrsInstance], **more: Any) -> list[click.Option]:
    """Return the options that set the attributes of a class; `more` are further arguments for each `click.Option`."""
    return [
        click.Option(
            [field.name, *(field.metadata["names"] or [f"--{field.name.replace('_', '-')}"])],
            **field.metadata["settings"],
            **more,
        )
        for field in attrs.fields(cls)
    ]


def parsed(cls: type[T], given: Mapping[str, object]) -> T:
    """Make an instance of such a class from the values of a command's options."""
    values = {field.name: given[field.name] for field in attrs.fields(cls)}
    return cls(**cast("dict[str, Any]", values))


def with_options(*options: click.Option) -> Callable[[F], F]:
    """Return a decorator, to be placed below `@command`, that adds ready-made options."""

    def add(function: F) -> F:
        params: list[click.Parameter] = list(getattr(function, "__click_params__", []))
        # click reads this list from its end, since decorators are applied bottom-up
        function.__click_params__ = [*reversed(options), *params]  # type: ignore[attr-defined]
        return function

    return add


@attrs.frozen(kw_only=True)
class WaitOptions:
    """The options of a command that waits for a task and shows its result."""

    save: str | None = option(
        metavar="PATH",
        help="Download the files of each result: into this folder, under this name (picture.png), or under one made of "
        "{id}, {model}, {n} and {ext}, such as 'out/{id}-{n}.{ext}'.",
    )
    timeout: float = option(
        type=POSITIVE, default=1800.0, show_default=True, metavar="SECONDS", help="Maximum time to wait for a task."
    )
    quiet: bool = option(is_flag=True, help="Show no progress, and only the paths or URLs of the result.")


@attrs.frozen(kw_only=True)
class TaskOptions(WaitOptions):
    """The options for each task that a command submits."""

    callback_url: str | None = option(metavar="URL", help="URL to which the service reports the outcome of each task.")
    tag: tuple[str, ...] = option(
        multiple=True, metavar="TEXT", help="With --library: a tag that is kept with the run. Repeatable."
    )
    allow_retired: bool = option(is_flag=True, help="Submit even if the vendor has retired the model.")


@attrs.frozen(kw_only=True)
class SubmitOptions(TaskOptions):
    """The options of a command that submits tasks."""

    sidecar: bool = option(is_flag=True, help="With --save: write the request beside each file, as picture.png.json.")
    simulate: bool = simulate_option()
    speed: float | None = speed_option()

    def __attrs_post_init__(self) -> None:
        if self.sidecar and not self.save:
            raise click.UsageError("--sidecar needs --save: it is written beside the files")
        check_speed(self.simulate, self.speed)

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
        return simulation(self.simulate, self.speed)
