"""Tasks: the dry run: what is known to be wrong before anything is uploaded or sent. May import `_core`, `_flow`."""

from __future__ import annotations

from collections import defaultdict
from typing import cast

from kie._core import paths
from kie._core.errors import ConfigError, MediaRejected, ModelRetired
from kie._core.field_facts import NO_FACTS
from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._core.media_rules import ANY_FILE, MediaFacts, MediaRule
from kie._core.request import Request, invalid
from kie._core.results import Result
from kie._core.safe_text import kind_of
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect, Inspected


def known_request(request: object) -> None:
    """Check that this is a request, before anything is done with it. Raises `ConfigError`."""
    if not isinstance(request, Request):
        shown = f"the class {request.__name__} itself" if isinstance(request, type) else kind_of(request)
        raise ConfigError(
            f"a request must be an instance of a class of kie.models, or a RawRequest, not {shown}; nothing was sent"
        )


def check(ctx: Context, request: Request[Result]) -> Flow[JSONObject]:
    """Check a request as far as possible without sending anything, and return the input it would send.

    Local media appear in it as `<upload: name>`: a text for people, not a URL. Raises what `examine` raises.
    """
    known_request(request)
    body, local = yield from examine(ctx, request)
    if not local:
        return body
    shown = {path: f"<upload: {found.facts.name}>" for path, found in local.items()}
    return cast(JSONObject, paths.replaced(body, shown))


def advised(model: str, advice: Issue) -> str:
    """Word a piece of advice on a request to a model."""
    return f"{model}: {advice if advice.path else advice.message}"


def examine(ctx: Context, request: Request[Result]) -> Flow[tuple[JSONObject, dict[str, Inspected]]]:
    """Check a request; return its encoded input, and its local media, by path.

    Raises `ModelRetired`, or `MediaRejected` with every fault of every file.
    """
    info = request.info
    if info.status == "retired" and not ctx.options.allow_retired:
        raise ModelRetired(info.name, info.successors)
    if info.status == "undocumented":
        ctx.services.warn(f"{info.name} is not in the vendor's documentation; it may be refused")
    body, media = request._encode()
    for advice in request._advised(body):
        ctx.services.warn(advised(info.name, advice))
    if not media:
        return body, {}
    issues: list[Issue] = []
    together: dict[str, list[MediaFacts]] = defaultdict(list)
    local: dict[str, Inspected] = {}
    for path, medium in media.items():
        field = paths.key(paths.parse(path))
        rule = _rule(request, field)
        found = local[path] = yield from Inspect(medium, rule.max_bytes, rule.formats)
        facts = found.facts
        issues.extend(rule.judge(path, facts))
        together[field].append(facts)
        if rule.needs_decoding and facts.width is None and facts.seconds is None and not facts.unreadable:
            ctx.services.warn(f"{info.name}: sides and duration of {field} were not checked (pip install 'kie[media]')")
    for field, all_facts in together.items():
        issues.extend(_rule(request, field).judge_together(field, all_facts))
    if issues:
        raise invalid(request, issues, MediaRejected)
    return body, local


def _rule(request: Request[Result], field: str) -> MediaRule:
    return request.info.fields.get(field, NO_FACTS).media or ANY_FILE
