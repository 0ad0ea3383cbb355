"""Plans: turns loose input into a request, or finds out what it lacks. May import `_tasks`, `catalog` and `_core`.

The code follows one path. `Asked` is the user's input. `drafted` finds the family and the model, converts the names and
values of fields, assigns media to fields, lists the defaults and lets the request class check everything. A `Plan` is
the result, with the price and the decision. Nothing here uses a socket, a clock or a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Self, cast

import attrs

from kie import catalog
from kie._core.encoding import Encoder
from kie._core.errors import NotReady, RequestInvalid, UnknownModel
from kie._core.estimates import Estimate
from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._core.paths import key, parse
from kie._core.planned import Origin
from kie._core.portable import portable
from kie._core.request import Request
from kie._core.results import Result
from kie._core.safe_text import described, repr_of
from kie._plans import prompting
from kie._plans.choices import Choice, Incomplete
from kie._plans.enhance import Brief, Prompts
from kie._plans.families import MISSING_MEDIA, Candidates, Family, Member, candidates, named
from kie._plans.lacking import missing
from kie._plans.normalise import FieldReader, Object, fold, object_of
from kie._plans.policies import EnhancePolicy
from kie._plans.preflight import Decision, Limits, decide
from kie._plans.rendering import rendered
from kie._plans.roles import ADVICE, Gathered, contradicted, count, gather, named_slots, place
from kie._plans.selection import Selected
from kie._plans.states import (
    CHOICE,
    DEFAULT,
    LOW_SUCCESS_RATE,
    MISSING,
    RETIRED,
    UNDOCUMENTED,
    UNKNOWN_MODEL,
    UNREADABLE,
    WARNINGS,
    State,
    state_of,
)
from kie._tasks.estimate import later_priced

MEDIA = ("images", "videos", "audios", "reference")
"""The arguments for media, independent of the names of a model's fields."""
_SECRETS = ("apikey", "token", "secret", "credentials", "authorization", "password")
_HIDDEN = "…"
"""Replaces the value of a misplaced argument, which may be a key."""


@attrs.frozen(kw_only=True)
class Asked:
    """What somebody gave."""

    name: str = ""
    fields: Mapping[str, object] = attrs.field(factory=dict)
    """The fields, by loose names."""
    media: Mapping[str, object] = attrs.field(factory=dict)
    """The arguments of `MEDIA`."""
    task_mode: str | None = None
    request: Request[Result] | None = None
    """A request, in the place of all of these."""
    limits: Limits = attrs.field(factory=Limits)
    noticed: Mapping[str, Issue] = attrs.field(factory=dict)
    """Warnings about models, by their ids."""
    seconds: Mapping[str, Sequence[Decimal | None]] = attrs.field(factory=dict)
    """The lengths of local media, by field."""
    local_files: bool = True
    """Whether a text that is not a URL is the path of a file, where media are given."""
    prompt_options: prompting.PromptOptions = attrs.field(factory=prompting.PromptOptions)
    """What to do with the prompt."""
    exact: bool = False
    """Whether `name` is the id of a model, and `fields` are its fields by their names on the wire, to be taken as they
    are."""


@attrs.frozen(kw_only=True, repr=False)
class Plan:
    """What loose input means: a request, or what is missing or wrong. Made by `client.plan`.

    A plan is immutable, can be pickled, and contains no key. `client.run(plan)` runs it.
    """

    model: str | None
    """The id of the model; None while several fit."""
    family: str
    """The name that was given, in the catalog's spelling."""
    task_mode: str | None
    """What the model does with it, such as `image_to_video`; None if that is open."""
    state: State
    """The state of the plan."""
    request: Request[Result] | None
    """The request; None if it is invalid or incomplete."""
    changes: tuple[str, ...]
    """What was interpreted differently from what was given, such as `quality -> mode`."""
    faults: tuple[Issue, ...]
    """What is wrong and must be changed: no answer can repair it."""
    missing: tuple[Issue, ...]
    """What must be given or decided."""
    warnings: tuple[Issue, ...]
    """What was inferred, or is probably not intended."""
    defaulted: tuple[Issue, ...]
    """The fields that were not given and have their defaults, which are sent."""
    choices: tuple[Choice, ...]
    """The values between which the plan does not choose, and what each costs."""
    preset: Selected
    """Which preset was chosen for the prompt, with `source` and `reason`."""
    prompts: Prompts | None
    """The prompt as it was given, as it was enhanced, and as the model gets it; None if the model has none, or is not
    decided yet."""
    estimate: Estimate | None
    """What the request will cost; None if that depends on what is missing."""
    decision: Decision
    """Whether it may be run."""
    reasons: tuple[str, ...]
    """The reasons for the decision."""
    _asked: Asked = attrs.field(eq=False, alias="asked")
    _brief: Brief | None = attrs.field(eq=False, alias="brief")

    @property
    def asks_about_prompt(self) -> bool:
        """Whether somebody must confirm the enhanced prompt: the policy is `ask`, and the prompt is used."""
        raw = "" if self.prompts is None else self.prompts.raw
        made = self._asked.prompt_options.enhanced.get(raw)
        return self.enhance == "ask" and made is not None and made.needs_confirmation

    @property
    def enhance(self) -> EnhancePolicy:
        """What is done with an enhanced prompt."""
        return self._asked.prompt_options.policy

    @property
    def ready(self) -> bool:
        """Whether there is a request."""
        return self.request is not None

    @property
    def _origin(self) -> Origin:
        """How the request came about: its changes, preset and prompts."""
        chosen, prompts = self.preset.preset, self.prompts
        enhanced = prompts is not None and prompts.enhanced is not None
        used = chosen is not None and (chosen.kind == "prompt" or enhanced)  # instructions only concern an enhancer
        return Origin(
            changes=self.changes,
            preset=chosen.name if chosen is not None and used else None,
            raw=None if prompts is None else prompts.raw,
            enhanced=None if prompts is None else prompts.enhanced,
        )

    @property
    def _said(self) -> str:
        """The reasons in words why it cannot be run."""
        if self.request is None:
            return "invalid" if self.state == "invalid" else "incomplete"
        return "rejected" if self.decision == "reject" else "not confirmed"

    def answer(self, **answers: object) -> Self:
        """Supply what is missing, or change what was given.

        Args:
            **answers: Fields, in any spelling; `model` for one of several models; `images`, `videos`, `audios`,
                `reference` and `task_mode` as `client.plan` takes them. None removes what was given.

        Returns:
            A new plan. Nothing is sent or read.
        """
        return cast("Self", drafted(_answered(self, answers)))

    def require(self, *, confirmed: bool = False) -> Request[Result]:
        """Get the request, if it may be submitted.

        Args:
            confirmed: Whether somebody has confirmed the cost.

        Returns:
            The request.

        Raises:
            NotReady: It is invalid, incomplete, too expensive, or must be confirmed first.
        """
        unconfirmed = self.decision == "require_confirmation" and not confirmed
        if self.request is None or self.decision == "reject" or unconfirmed:
            raise NotReady(self)
        return self.request

    def to_dict(self) -> JSONObject:
        """Get the plan as JSON, for programs in other languages.

        Returns:
            Everything but the media themselves. Four lists appear a second time under the names that the client
            `kie-api` has for them: `missing_inputs`, `defaulted_fields`, `warning_details` and `impossible_inputs`.
        """
        return rendered(self)

    def __repr__(self) -> str:
        return f"<Plan {self.model or self.family} {self.state}, {self.decision}: {self.request!r}>"

    def __reduce__(self) -> tuple[object, ...]:
        state = {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}
        return _restored, (portable(state),)  # media may be open files


def _restored(state: dict[str, object]) -> Plan:
    plan = object.__new__(Plan)
    for name, value in state.items():
        object.__setattr__(plan, name, value)
    return plan


@attrs.define
class _Draft:
    """A plan in the making."""

    family: str
    model: str | None = None
    task_mode: str | None = None
    request: Request[Result] | None = None
    changes: list[str] = attrs.field(factory=list)
    issues: list[Issue] = attrs.field(factory=list)
    choices: list[Choice] = attrs.field(factory=list)
    body: JSONObject = attrs.field(factory=dict)
    """The known part of the request, as it would be sent."""
    prompted: prompting.Prompted = attrs.field(factory=lambda: prompting.Prompted(selected=Selected()))
    """The result for the prompt."""

    def incomplete(self, asked: Asked) -> Incomplete:
        """The known part of the request, from which the prices of choices are computed."""
        return Incomplete(model=self.model or "", body=self.body, issues=self.issues, seconds=_lengths(asked))

    def finished(self, asked: Asked) -> Plan:
        """Complete the plan: price, state and decision follow from the findings."""
        issues = tuple(dict.fromkeys(self.issues))
        state = state_of(issues, ready=self.request is not None)
        request = self.request if state not in ("invalid", "needs_input") else None
        estimate = None if request is None else later_priced(request, _lengths(asked))
        if request is None and asked.exact:  # the missing fields may not affect the price
            estimate = self.incomplete(asked).estimate()
        warnings = tuple(issue for issue in issues if issue.rule in WARNINGS)
        noticed = tuple(str(i) for i in warnings if i.rule in (RETIRED, LOW_SUCCESS_RATE))
        confirm = () if self.prompted.confirm is None else (self.prompted.confirm,)
        decision, reasons = decide(
            estimate, asked.limits, invalid=state == "invalid", warnings=noticed, confirm=confirm
        )
        return Plan(
            model=self.model,
            family=self.family,
            task_mode=self.task_mode,
            state=state,
            request=request,
            changes=tuple(self.changes),
            faults=tuple(i for i in issues if i.rule not in MISSING | WARNINGS | {DEFAULT}),
            missing=tuple(i for i in issues if i.rule in MISSING),
            warnings=warnings,
            defaulted=tuple(i for i in issues if i.rule == DEFAULT),
            choices=tuple(self.choices),
            preset=self.prompted.selected,
            prompts=self.prompted.prompts,
            estimate=estimate,
            decision=decision,
            reasons=reasons,
            asked=asked,
            brief=self.prompted.brief,
        )


def drafted(asked: Asked) -> Plan:
    """Make a plan of an input. This does no I/O."""
    hidden = {name: _HIDDEN for name in asked.fields if _belongs_elsewhere(name)}
    if hidden:
        asked = attrs.evolve(asked, fields={**asked.fields, **hidden})
    if asked.request is not None:
        return _of_request(asked.request, asked).finished(asked)
    if asked.exact:
        return _of_fields(asked).finished(asked)
    try:
        family = named(asked.name)
    except UnknownModel as error:
        said = error.message.partition("`kie models`")[0].rstrip(" ;")
        issue = Issue("model", UNKNOWN_MODEL, said, error.nearest)
        return _Draft(family=asked.name, issues=[issue]).finished(asked)
    try:
        draft = _of_family(asked, family)
    except Exception as error:  # a user's object may raise on any access
        draft = _Draft(family=family.name, issues=[Issue("", UNREADABLE, f"cannot be read: {described(error)}")])
    return draft.finished(asked)


def _of_family(asked: Asked, family: Family) -> _Draft:
    """Find the right member of the family, and make its request."""
    gathered, found = _chosen(asked, family)
    if len(found.models) != 1:
        return _open(asked, family, found, gathered)
    draft = _of_member(asked, family, found.models[0], gathered)
    draft.task_mode = found.task_mode
    member = next(member for member in family.members if member.model == draft.model)
    media = {slot.field for slot in member.needs.slots}
    lacking = [issue for issue in draft.issues if issue.rule in MISSING]
    if not any(issue.rule == MISSING_MEDIA or key(parse(issue.path)) in media for issue in lacking):
        draft.issues += found.issues
    return draft


def _belongs_elsewhere(name: str) -> bool:
    """Whether the value under a name may be the API key."""
    return fold(name) in ("key", "bearer") or fold(name).endswith(_SECRETS)


def _chosen(asked: Asked, family: Family) -> tuple[Gathered, Candidates]:
    """The given media, and the members of the family that accept them."""
    owners = [_owner(member.model) for member in family.members]
    gathered = gather(asked.media, asked.fields, owners, local_files=asked.local_files)
    given = count(gathered.media, named_slots(family.members, owners, gathered.fields))
    return gathered, candidates(family, given, asked.task_mode)


def _owner(model: str) -> Object:
    return object_of(catalog.get(model).request_class)


def _open(asked: Asked, family: Family, found: Candidates, gathered: Gathered) -> _Draft:
    """Note that no member or several fit: a plan does not choose between them."""
    draft = _Draft(family=family.name, task_mode=found.task_mode, issues=[*gathered.issues])
    if not found.models:
        draft.issues += found.issues
        return draft
    for model in found.models:
        one = _of_member(asked, family, model, gathered)
        draft.choices.append(Choice(field="model", value=model, at_most=one.incomplete(asked).at_most()))
    listed = ", ".join(found.models)
    said = f"several models fit, at different prices or qualities: {listed}"
    draft.issues.append(Issue("model", CHOICE, said, found.models))
    return draft


def _of_request(request: Request[Result], asked: Asked) -> _Draft:
    """Plan an existing request. It was checked when it was made, and is not changed."""
    name = request.info.name
    draft = _Draft(family=name, model=name, request=request)
    draft.issues += _warned(request, asked)
    return draft


def _of_fields(asked: Asked) -> _Draft:
    """Make the request from exactly these fields. Defaults are added unless they contradict a given field."""
    cls = catalog.get(asked.name).request_class
    info, encoder = cls.info, Encoder(cls.info)
    draft = _Draft(family=info.name, model=info.name)
    given = cast(JSONObject, encoder.value(asked.fields, ()))
    bare = not encoder.issues and info.schema is not None and info.schema.is_valid(given)
    draft.body = {**_defaulted(draft, cls, given), **given}
    faulty = {issue.path for issue in encoder.issues}
    broken = [issue for issue in (info.schema.issues(draft.body) if info.schema else ()) if issue.path not in faulty]
    if bare and broken:
        draft.issues, draft.body, broken = [], given, []
    draft.issues += [*encoder.issues, *(missing(info, draft.body, issue) for issue in broken)]
    if not encoder.issues and not broken:
        fields = {name: asked.fields.get(name, value) for name, value in draft.body.items()}  # has local media
        draft.request = cls(**cls._from_wire_fields(cast(JSONObject, fields)))
        draft.issues += _warned(draft.request, asked)
    draft.choices += draft.incomplete(asked).offers(object_of(cls).nodes)
    return draft


def _of_member(asked: Asked, family: Family, model: str, gathered: Gathered) -> _Draft:
    """Make the request of one model: names and values, media, defaults, and the checks of its class."""
    cls = catalog.get(model).request_class
    owner, reader = object_of(cls), FieldReader()
    member = next(member for member in family.members if member.model == model)
    values = reader.fields(owner, gathered.fields)
    draft = _Draft(family=family.name, model=model, changes=reader.changes, issues=[*gathered.issues, *reader.issues])
    _set_by_name(draft, family, values)
    _put_media(draft, owner, member, gathered, values)
    _put_prompt(draft, owner, family, member, values, asked)
    defaults = _defaulted(draft, cls, values)
    encoder = Encoder(cls.info)
    draft.body = {**defaults, **{name: encoder.value(value, (name,)) for name, value in values.items()}}
    _check(draft, cls, values, asked)
    draft.choices += draft.incomplete(asked).offers(owner.nodes)
    return draft


def _set_by_name(draft: _Draft, family: Family, values: dict[str, object]) -> None:
    """Set the fields that the name of the model implies."""
    for name, value in family.fields.items():
        if name in values and values[name] != value:
            said = f"is already {value!r}, by the name {family.name}, and cannot be {repr_of(values[name])}"
            draft.issues.append(Issue(name, "const", said, (value,)))
        elif name not in values:
            draft.changes.append(f"{family.name} -> {name}={value!r}")
        values[name] = value


def _put_media(draft: _Draft, owner: Object, member: Member, gathered: Gathered, values: dict[str, object]) -> None:
    """Assign media to their fields."""
    placed = place(owner, member.needs, gathered.media, {name for name, value in values.items() if value is not None})
    draft.changes += placed.changes
    draft.issues += placed.issues
    values.update(placed.values)


def _put_prompt(
    draft: _Draft, owner: Object, family: Family, member: Member, values: dict[str, object], asked: Asked
) -> None:
    """Replace the prompt by its enhanced form, and put a preset around it."""
    mode = asked.task_mode or family.task_mode
    found = prompting.prompted(
        asked.prompt_options,
        model=member.model,
        family=(family.name, family.title),
        task_modes=(mode,) if mode in member.task_modes else member.task_modes,
        kind=catalog.get(member.model).kind,
        slots=member.needs.slots,
        nodes=owner.nodes,
        values=values,
    )
    draft.prompted = found
    draft.issues += found.issues
    if found.prompts is not None and found.prompts.final != found.prompts.raw:
        values[found.field] = found.prompts.final
        draft.changes.append(str(found.change))


def _defaulted(draft: _Draft, cls: type[Request[Result]], values: Mapping[str, object]) -> JSONObject:
    """List the defaults that are sent."""
    given = {name for name, value in values.items() if value is not None}
    found = cls.info.schema.defaults(given) if cls.info.schema else {}
    defaults = {name: value for name, value in found.items() if name not in values}
    draft.issues += [Issue(name, DEFAULT, f"is {value!r} by default", (value,)) for name, value in defaults.items()]
    return defaults


def _check(draft: _Draft, cls: type[Request[Result]], values: Mapping[str, object], asked: Asked) -> None:
    """Let the class check the request: all faults at once, each once."""
    names = {wire: python for python, wire in cls.__kie_plan__()}
    try:
        draft.request = cls(**{names[wire]: value for wire, value in values.items()})
    except RequestInvalid as error:
        known = {key(parse(issue.path)) for issue in draft.issues if issue.rule not in WARNINGS}
        found = [issue for issue in error.issues if key(parse(issue.path)) not in known]
        draft.issues += [missing(cls.info, draft.body, issue) for issue in found]
    else:
        draft.issues += _warned(draft.request, asked)


def _warned(request: Request[Result], asked: Asked) -> list[Issue]:
    """Add warnings about a request and its model."""
    info = request.info
    found = [*(attrs.evolve(issue, rule=ADVICE) for issue in request.advice()), *contradicted(request)]
    if info.status == "retired":
        instead = f"; use {' or '.join(info.successors)}" if info.successors else ""
        found.append(Issue("model", RETIRED, f"the vendor has withdrawn {info.name}{instead}", info.successors))
    if info.status == "undocumented":
        found.append(Issue("model", UNDOCUMENTED, f"{info.name} is not in the vendor's documentation"))
    if info.name in asked.noticed:
        found.append(asked.noticed[info.name])
    return found


def _lengths(asked: Asked) -> dict[str, list[Decimal | None]]:
    return {name: [*found] for name, found in asked.seconds.items()}


def _answered(plan: Plan, answers: Mapping[str, object]) -> Asked:
    """Merge answers into the input that they complete."""
    asked = plan._asked
    given = dict(answers)
    if asked.request is not None:
        asked = attrs.evolve(asked, name=asked.request.info.name, fields=_fields_of(asked.request), request=None)
    owner = None if plan.model is None else _owner(plan.model)
    if "model" in given and (owner is None or owner.named("model") is None):
        asked = attrs.evolve(asked, name=str(given.pop("model")))
    if "task_mode" in given:
        mode = given.pop("task_mode")
        asked = attrs.evolve(asked, task_mode=None if mode is None else str(mode))
    media = {name: given.pop(name) for name in MEDIA if name in given}
    fields = {name: value for name, value in asked.fields.items() if name not in given}
    if owner is not None:
        meant = {owner.named(name) or owner.synonym(name, value, ()) or name for name, value in given.items()}
        fields = {n: v for n, v in fields.items() if (owner.named(n) or owner.synonym(n, v, ())) not in meant}
    return attrs.evolve(
        asked,
        fields={**fields, **{name: value for name, value in given.items() if value is not None}},
        media={name: value for name, value in {**asked.media, **media}.items() if value is not None},
        seconds={},
    )


def _fields_of(request: Request[Result]) -> dict[str, object]:
    return {wire: getattr(request, python) for python, wire in request.__kie_plan__()}
