"""Tasks: the dry run: what can be known to be wrong before anything is uploaded or sent. May import `_core`."""

from __future__ import annotations

import re
from collections import defaultdict

from kie._core.encoding import PENDING_URL
from kie._core.errors import Issue, MediaRejected, ModelRetired
from kie._core.json import JSONObject
from kie._core.media_rules import MediaFacts, MediaRule
from kie._core.request import Request
from kie._core.results import Result
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect


def check(ctx: Context, request: Request[Result]) -> Flow[JSONObject]:
    """Check a request as far as that is possible without sending anything, and return the input it would send.

    Local media stand in it as `<upload: name>`. Raises what `examine` raises.
    """
    shown = yield from examine(ctx, request)
    return _preview(request, shown)


def examine(ctx: Context, request: Request[Result]) -> Flow[dict[str, str]]:
    """Check a request; return what to show for its local media, by path.

    Raises `ModelRetired`, or `MediaRejected` with every fault of every file.
    """
    info = request.info
    if info.status == "retired" and not ctx.options.allow_retired:
        raise ModelRetired(info.name, info.successors)
    if info.status == "undocumented":
        ctx.services.warn(f"{info.name} is not in the vendor's documentation; it may be refused")
    local = request.local_media
    if not local:
        return {}
    rules = _rules(request)
    issues: list[Issue] = []
    together: dict[str, list[MediaFacts]] = defaultdict(list)
    shown: dict[str, str] = {}
    for path, media in local.items():
        facts = yield from Inspect(media)
        shown[path] = f"<upload: {facts.name}>"
        field = re.sub(r"\[\d+\]", "", path)
        rule = rules.get(field, MediaRule(kind="file"))
        issues.extend(rule.judge(path, facts))
        together[field].append(facts)
        if rule.needs_decoding and facts.width is None and facts.seconds is None and not facts.unreadable:
            ctx.services.warn(f"{info.name}: sides and duration of {field} were not checked (pip install 'kie[media]')")
    for field, all_facts in together.items():
        issues.extend(rules.get(field, MediaRule(kind="file")).judge_together(field, all_facts))
    if issues:
        raise MediaRejected(info.name, issues, captured=info.captured)
    return shown


def _preview(request: Request[Result], shown: dict[str, str]) -> JSONObject:
    """The wire body with each local file shown by name. It is for people: such a text is no URL."""
    body, local = request._encode()
    names = {f"{PENDING_URL}{number}": shown[path] for number, path in enumerate(local, 1)}

    def swap(value: object) -> object:
        if isinstance(value, str):
            return names.get(value, value)
        if isinstance(value, list):
            return [swap(item) for item in value]
        return {key: swap(item) for key, item in value.items()} if isinstance(value, dict) else value

    return {key: swap(value) for key, value in body.items()}  # type: ignore[misc]


def _rules(request: Request[Result]) -> dict[str, MediaRule]:
    schema = request.info.schema
    facts = schema.document.get("x-kie") if schema else None
    media = facts.get("media") if isinstance(facts, dict) else None
    if not isinstance(media, dict):
        return {}
    return {path: MediaRule.load(rule) for path, rule in media.items() if isinstance(rule, dict)}
