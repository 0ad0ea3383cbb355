"""CLI: the JSON Schema of what each command writes with --json. May import `_core`.

Readers ignore unknown fields, since later versions may add some. The tests close every object, so that they notice a
field that is written but not listed here.
"""

from __future__ import annotations

from collections.abc import Mapping

from kie._core.json import JSON, JSONObject

TEXT: JSONObject = {"type": "string"}
WHOLE: JSONObject = {"type": "integer"}
NUMBER: JSONObject = {"type": "number"}
FLAG: JSONObject = {"type": "boolean"}
ANYTHING: JSONObject = {}
OPEN: JSONObject = {"type": "object", "additionalProperties": True}
CREDITS: JSONObject = {"type": "string", "description": "Credits, as text, so that no reader rounds them."}
TIME: JSONObject = {"type": "string", "description": "ISO 8601."}


def maybe(schema: JSONObject) -> JSONObject:
    """The given schema, or null."""
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: JSONObject) -> JSONObject:
    """A list of such values."""
    return {"type": "array", "items": schema}


def by_name(schema: JSONObject) -> JSONObject:
    """An object whose keys are names."""
    return {"type": "object", "additionalProperties": schema}


def record(required: Mapping[str, JSONObject], optional: Mapping[str, JSONObject] | None = None) -> JSONObject:
    """An object of these fields."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": [*required]}


def either(*schemas: JSONObject) -> JSONObject:
    """One of several."""
    return {"anyOf": [*schemas]}


ISSUE = record({"path": TEXT, "rule": TEXT, "message": TEXT, "allowed": many(ANYTHING)})
ERROR = record(
    {
        "type": {"type": "string", "description": "The class of the error, such as RequestInvalid."},
        "message": TEXT,
        "issues": many(ISSUE),
        "ref": maybe(TEXT),
        "task_created": {
            "type": ["boolean", "null"],
            "description": "False: nothing was started. Null: this is not known, so never repeat it.",
        },
    },
    {
        "nearest": {**many(TEXT), "description": "Similar names."},
        "successors": {**many(TEXT), "description": "Models to use instead."},
        "retry_after": {"type": "number", "description": "Seconds to wait."},
        "code": {"type": ["integer", "string"], "description": "The code of the service."},
    },
)
SHORT_ERROR = record({"type": TEXT, "message": TEXT})
FIGURES = {"credits": maybe(CREDITS), "at_least": CREDITS, "at_most": maybe(CREDITS), "usd": maybe(TEXT)}
PRICE_FIELDS = {**FIGURES, "listed": maybe(TIME), "terms": many(TEXT), "notes": many(TEXT)}
PRICE = record(PRICE_FIELDS)
TASK_FIELDS: dict[str, JSONObject] = {
    "ref": TEXT,
    "model": maybe(TEXT),
    "state": {"enum": ["queued", "running", "succeeded", "failed"]},
    "urls": many(TEXT),
    "files": many(TEXT),
    "credits": maybe(CREDITS),
    "seconds": maybe(NUMBER),
    "data": ANYTHING,
}
UNFINISHED = {"raw_state": maybe(TEXT), "progress": maybe(NUMBER), "created_at": maybe(TIME)}
FAILED = {"fail_code": maybe(TEXT), "fail_message": maybe(TEXT)}
IN_LIBRARY: dict[str, JSONObject] = {"run": {**TEXT, "description": "Its folder in the library."}}
TASK = record(TASK_FIELDS, {**UNFINISHED, **FAILED, **IN_LIBRARY})
LINE = {"line": WHOLE, "id": maybe(TEXT), "model": maybe(TEXT), "digest": TEXT}
MODEL_FIELDS = {
    **dict.fromkeys(("class", "id", "slug", "description", "provider", "status", "result", "kind"), TEXT),
    **{name: many(TEXT) for name in ("categories", "accepts", "successors")},
    "lifecycle": TEXT,
    "former_id": maybe(TEXT),
    "typical_seconds": maybe(by_name(NUMBER)),
    "curated": FLAG,
    "source": TEXT,
    "preset": OPEN,
    "credits": maybe(record({"at_least": maybe(CREDITS), "at_most": maybe(CREDITS), "listed": TIME})),
}
FIELD = record(
    {
        **dict.fromkeys(("name", "type", "allowed", "description"), TEXT),
        "required": FLAG,
        "default": ANYTHING,
        "media": maybe(OPEN),
        "reference": FLAG,
    }
)
PRESET_FIELDS = {
    **dict.fromkeys(("name", "title", "kind", "source"), TEXT),
    **{name: many(TEXT) for name in ("patterns", "models", "families")},
}
PRESET_FAULTS = many(record({"source": TEXT, "faults": many(TEXT)}))
CHANGES = {
    "since": TIME,
    "listed": TIME,
    "packaged": FLAG,
    "same": WHOLE,
    "rows": many(
        record(
            {
                **dict.fromkeys(("row", "state", "unit_before", "unit_after"), TEXT),
                "before": maybe(TEXT),
                "after": maybe(TEXT),
                "models": many(TEXT),
            }
        )
    ),
}
UPLOADED = record(
    {"url": TEXT, "name": maybe(TEXT), "path": maybe(TEXT), "size": maybe(WHOLE), "content_type": maybe(TEXT)}
)
PLAN_ISSUES = many(
    record({"path": TEXT, "rule": TEXT, "message": TEXT, "allowed": many(ANYTHING), "field": TEXT, "code": TEXT})
)
PLAN_LISTS = (
    *("faults", "missing", "warnings", "defaulted"),
    *("missing_inputs", "defaulted_fields", "warning_details", "impossible_inputs"),
)
REQUEST = record({"model": TEXT, "input": OPEN})
PLAN = record(
    {
        **{name: maybe(TEXT) for name in ("model", "task_mode", "provider_model")},
        **dict.fromkeys(("family", "model_key"), TEXT),
        "state": TEXT,
        "request": maybe(REQUEST),
        "changes": many(TEXT),
        **dict.fromkeys(PLAN_LISTS, PLAN_ISSUES),
        "choices": many(record({"field": TEXT, "value": ANYTHING, "at_most": maybe(CREDITS)})),
        "preset": record(
            {"name": maybe(TEXT), "kind": maybe(TEXT), "file": maybe(TEXT), "source": maybe(TEXT), "reason": TEXT}
        ),
        "prompts": maybe(record({"raw": TEXT, "enhanced": maybe(TEXT), "final": TEXT})),
        "estimate": maybe(record({**FIGURES, "notes": many(TEXT)})),
        "decision": {"enum": ["allow", "warn", "require_confirmation", "reject"]},
        "reasons": many(TEXT),
    }
)
OPEN_COSTS = {**FIGURES, "open": WHOLE}
SUBMISSION = record(
    {
        "ref": maybe(TEXT),
        "model": TEXT,
        "state": TEXT,
        "submitted_at": TIME,
        "id": TEXT,
        "label": maybe(TEXT),
        "server": maybe(TEXT),
        "simulated": FLAG,
    },
    {"error": SHORT_ERROR, "prompt": {**TEXT, "description": "The beginning of the prompt, if a library has it."}},
)

RUN_FIELDS = {
    **dict.fromkeys(("id", "model", "state", "folder"), TEXT),
    **{name: maybe(TEXT) for name in ("prompt", "label", "error")},
    **{name: many(TEXT) for name in ("files", "tags", "parents")},
    "submitted_at": TIME,
    "credits": maybe(CREDITS),
    "estimate": maybe(many(maybe(CREDITS))),
    "seconds": maybe(NUMBER),
    "source": OPEN,
    "simulated": FLAG,
}
WHOLE_RUN: JSONObject = {
    **record({"id": TEXT, "model": TEXT, "state": TEXT, "submitted_at": TIME, "folder": TEXT, "children": many(TEXT)}),
    "additionalProperties": True,
    "description": "The run.json of the run, which has a schema of its own, its folder, children and notes.",
}
SPENDING = {"group": TEXT, "credits": CREDITS, "usd": TEXT, "runs": WHOLE, "unknown": WHOLE, "at_least": CREDITS}
LIBRARY_FAULTS = many(record({"kind": TEXT, "path": TEXT, "message": TEXT}))
MADE = record({"file": TEXT, "runs": WHOLE})
COMPARED = record(
    {
        **{name: TASK_FIELDS[name] for name in ("urls", "files", "seconds", "credits")},
        "model": TEXT,
        "state": TEXT,
        "ref": maybe(TEXT),
        "run": maybe(TEXT),
        "estimate": record({"at_least": CREDITS, "at_most": maybe(CREDITS)}),
        "left_out": many(TEXT),
        "changes": many(TEXT),
        "error": maybe(SHORT_ERROR),
    }
)

SCHEMAS: Mapping[str, JSONObject] = {
    "batch": either(
        record(
            {
                "total": WHOLE,
                "states": by_name(WHOLE),
                "out": TEXT,
                "cost": record({"credits": CREDITS, "unknown": WHOLE, "estimate": record(FIGURES)}),
                "lines": many(
                    record(
                        {"key": TEXT, "state": TEXT, **LINE},
                        {
                            **{name: TASK_FIELDS[name] for name in ("urls", "files", "credits", "seconds", "data")},
                            "ref": maybe(TEXT),
                            "error": maybe(SHORT_ERROR),
                        },
                    )
                ),
            },
            {"shard": TEXT},
        ),
        record(
            {
                "total": WHOLE,
                "plan": by_name(WHOLE),
                "models": by_name(WHOLE),
                "cost": record({**OPEN_COSTS, "models": by_name(record(OPEN_COSTS))}),
                "faults": many(record({**LINE, "error": maybe(SHORT_ERROR)})),
                "advice": many(record({**LINE, "advice": many(TEXT)})),
                "refused": maybe(SHORT_ERROR),
            },
            {"shard": TEXT, "rate": record({"submissions": WHOLE, "seconds": NUMBER, "at_least_seconds": NUMBER})},
        ),
    ),
    "budget": record(
        {
            "file": maybe(TEXT),
            "store": maybe(TEXT),
            "name": maybe(TEXT),
            "spent": CREDITS,
            "reserved": CREDITS,
            "left": maybe(CREDITS),
            "reservations": many(
                record({"id": TEXT, "ref": maybe(TEXT), "model": TEXT, "credits": CREDITS, "at": TIME})
            ),
        }
    ),
    "compare": record({"prompt": maybe(TEXT), "tags": many(TEXT), "rows": many(COMPARED)}),
    "credits": record({"credits": CREDITS}),
    "doctor": many(record({"check": TEXT, "state": {"enum": ["ok", "warning", "failed"]}, "about": TEXT})),
    "download": record({"url": TEXT, "file": TEXT}),
    "durable adopt": record({"machine": TEXT, "lines": WHOLE}),
    "durable run": either(
        record(
            {
                "batch": TEXT,
                "total": WHOLE,
                "states": by_name(WHOLE),
                "credits": CREDITS,
                "halted": maybe(SHORT_ERROR),
                "lines": many(
                    record(
                        {
                            "line": WHOLE,
                            "id": maybe(TEXT),
                            "model": TEXT,
                            "state": TEXT,
                            "credits": maybe(CREDITS),
                            "ref": maybe(TEXT),
                            "urls": many(TEXT),
                            "files": many(TEXT),
                            "error": maybe(SHORT_ERROR),
                        }
                    )
                ),
                "faults": many(record({**LINE, "error": maybe(SHORT_ERROR)})),
            }
        ),
        record(
            {
                "total": WHOLE,
                "plan": by_name(WHOLE),
                "models": by_name(WHOLE),
                "cost": record({"at_least": CREDITS, "at_most": maybe(CREDITS), "open": WHOLE}),
                "faults": many(record({**LINE, "error": maybe(SHORT_ERROR)})),
                "refused": maybe(SHORT_ERROR),
            }
        ),
    ),
    "durable status": record(
        {
            "batches": many(record({"batch": TEXT, "states": by_name(WHOLE)})),
            "machines": many(record({"machine": TEXT, "alive": FLAG, "silent": maybe(NUMBER)})),
        }
    ),
    "durable unknown": many(
        record({"batch": TEXT, "line": WHOLE, "model": TEXT, "sent_at": maybe(TIME), "ref": maybe(TEXT)})
    ),
    "init": record({"profile": TEXT, "config": TEXT, "key": TEXT, "credits": maybe(CREDITS)}),
    "library": many(record(RUN_FIELDS)),
    "library export": MADE,
    "library open": record({"id": TEXT, "opened": many(TEXT)}),
    "library page": MADE,
    "library path": record({"folder": TEXT, "exists": FLAG}),
    "library repair": record(
        {
            "indexed": WHOLE,
            **{name: many(TEXT) for name in ("removed", "facts", "pictures", "stored")},
            "faults": LIBRARY_FAULTS,
        }
    ),
    "library sheet": MADE,
    "library show": WHOLE_RUN,
    "library spend": many(record({**SPENDING, "at_most": maybe(CREDITS)})),
    "library verify": record({"faults": LIBRARY_FAULTS}),
    "model": record({**MODEL_FIELDS, "fields": many(FIELD), "json_schema": OPEN}),
    "models": many(
        either(
            record(MODEL_FIELDS),
            record({"category": TEXT, "models": WHOLE, "gives": many(TEXT)}),
            record({"provider": TEXT, "models": WHOLE, "gives": many(TEXT)}),
            record({"family": TEXT, "title": TEXT, "models": many(TEXT), "task_modes": many(TEXT)}),
        )
    ),
    "models add": record(
        {"check": FLAG, "files": many(record({"path": TEXT, "was": TEXT}))},
        {"model": TEXT, "class": TEXT, "unread": many(TEXT)},
    ),
    "models outdated": record(
        {
            "new": many(record({"model": TEXT, "title": TEXT, "task_types": many(TEXT)})),
            "changed": many(record({"model": TEXT, "differences": many(TEXT)})),
            "gone": many(TEXT),
        }
    ),
    "plan": PLAN,
    "presets": record({"presets": many(record(PRESET_FIELDS)), "left_out": PRESET_FAULTS}),
    "presets check": record({"presets": many(record(PRESET_FIELDS)), "faults": PRESET_FAULTS}),
    "presets path": record({"folder": TEXT, "exists": FLAG}),
    "presets show": record({**PRESET_FIELDS, "body": TEXT}),
    "price": record({"model": TEXT, **PRICE_FIELDS}),
    "prices": many(
        record(
            {
                **dict.fromkeys(("description", "kind", "provider", "unit", "anchor"), TEXT),
                **{name: maybe(TEXT) for name in ("credits", "usd", "fal_price", "discount_rate")},
                "discount_price": FLAG,
                "models": many(TEXT),
                "raw": OPEN,
            }
        )
    ),
    "prices check": record(
        {
            "charges": WHOLE,
            "verdicts": by_name(WHOLE),
            "differing": many(
                record(
                    {
                        "model": TEXT,
                        "charges": many(
                            record(
                                {"line": WHOLE, "credits": CREDITS, "estimate": record(FIGURES), "listed": maybe(TIME)}
                            )
                        ),
                    }
                )
            ),
        }
    ),
    "prices diff": record(CHANGES),
    "prices refresh": record({**CHANGES, "file": TEXT}),
    "run": either(TASK, record({"model": TEXT, "input": OPEN}, {"cost": PRICE, "refused": maybe(SHORT_ERROR)})),
    "skill install": record({"skill": TEXT}),
    "status": TASK,
    "tasks": many(either(SUBMISSION, TASK, record({"state": TEXT, "error": SHORT_ERROR}))),
    "upload": either(UPLOADED, many(UPLOADED)),
    "wait": TASK,
    "webhook serve": TASK,
}
"""The output of each command. Rows of lists lack the fields that `--fields` leaves out."""


def schema_of(command: str) -> JSONObject:
    """Return the JSON Schema of what a command writes with --json: its document, or an error.

    Args:
        command: The command, such as `prices check`.

    Returns:
        The schema, of draft 2020-12.
    """
    error = record({"error": ERROR})
    document: list[JSON] = [SCHEMAS[command], error]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"kie {command} --json",
        "anyOf": document,
    }
