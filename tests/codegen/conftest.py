"""A truth small enough to read: two operations, one lifecycle, one model."""

from __future__ import annotations

import copy
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "code": {"type": "integer", "description": "Code."},
        "data": {
            "type": ["object", "null"],
            "properties": {
                "id": {"type": "string", "description": "Id."},
                "state": {"type": "string", "description": "State."},
                "result": {
                    "type": "string",
                    "description": "Result.",
                    "contentMediaType": "application/json",
                    "contentSchema": {
                        "type": "object",
                        "properties": {"urls": {"type": "array", "description": "URLs."}},
                    },
                },
            },
        },
    },
}

API: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Tiny", "version": "1"},
    "servers": [{"url": "https://api.kie.ai"}],
    "security": [{"key": []}],
    "paths": {
        "/make": {
            "post": {
                "operationId": "makeThing",
                "tags": ["things"],
                "summary": "Make a thing.",
                "description": "Costs credits.",
                "x-kie": {"server": "api", "bucket": "submit", "idempotent": False, "answer": "row"},
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/MarketRequest"}}},
                },
                "responses": {
                    "200": {
                        "description": "Id.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}},
                    }
                },
            }
        },
        "/look": {
            "get": {
                "operationId": "lookAtThing",
                "tags": ["things"],
                "summary": "Look at a thing.",
                "description": "Free.",
                "x-kie": {"server": "api", "bucket": "read", "idempotent": True, "answer": "row"},
                "parameters": [
                    {
                        "name": "thingId",
                        "in": "query",
                        "required": True,
                        "schema": {"type": "string"},
                        "description": "Id.",
                    }
                ],
                "responses": {
                    "200": {
                        "description": "Record.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}},
                    }
                },
            }
        },
        "/balance": {
            "get": {
                "operationId": "getBalance",
                "tags": ["account"],
                "summary": "Read the balance.",
                "description": "Free.",
                "security": [],
                "x-kie": {"server": "api", "bucket": "none", "idempotent": True},
                "responses": {
                    "200": {
                        "description": "Balance.",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/BalanceAnswer"}}},
                    }
                },
            }
        },
    },
    "components": {
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "MarketRequest": {"type": "object", "description": "A request."},
            "Answer": ANSWER,
            "BalanceAnswer": {
                "type": "object",
                "description": "The balance.",
                "properties": {"data": {"type": ["number", "null"], "description": "Credits."}},
            },
        },
    },
}

LIFECYCLES: dict[str, Any] = {
    "jobs": {
        "title": "Things",
        "kind": "poll",
        "result": "image",
        "submit": {"makeThing": {"callback": "callBackUrl"}},
        "poll": "lookAtThing",
        "poll_parameters": ["thingId"],
        "task_id": ["/data/id"],
        "state": "/data/state",
        "states": {"busy": "running", "ok": "succeeded", "bad": "failed"},
        "urls": ["/data/result/urls"],
        "times": {"unit": "seconds"},
        "not_found": {"codes": [404], "empty_data": True, "grace": 5},
        "codes": {},
    }
}

ROW = {
    "meaning": "fine",
    "error": None,
    "task_created": True,
    "retry_read": False,
    "retry_submit": False,
    "ends_task": False,
    "not_found": False,
    "breaker_failure": False,
}
CODES: dict[str, Any] = {"envelope": {200: ROW, "default": ROW}, "http": {"default": ROW}}

SHARED: dict[str, Any] = {
    "$defs": {
        "url": {"type": "string", "pattern": "^(https?|asset|oss)://", "description": "A URL."},
        "prompt": {"type": "string", "minLength": 1, "description": "What to make."},
    }
}

MODEL: dict[str, Any] = yaml.safe_load(
    textwrap.dedent(
        """
        $schema: https://json-schema.org/draft/2020-12/schema
        $id: kie:models/acme/tiny-1
        title: AcmeTiny1
        description: A model that fits on a page.
        x-kie:
          model: acme/tiny-1
          lifecycle: jobs
          result: image
          provider: Acme
          categories: [text-to-image]
          status: active
          sources: [{page: example.com/tiny.md, captured: 2026-01-02}]
          curation: [{at: /properties/prompt, vendor: none, why: an empty prompt makes nothing}]
          media: {images: {kind: image, formats: [png]}, scenes.still: {kind: image}}
          references: {fromTask: {lifecycles: [jobs], finished: true}}
          examples: [{prompt: a page}]
        type: object
        additionalProperties: false
        required: [prompt]
        properties:
          prompt: {$ref: "../../shared.yaml#/$defs/prompt", maxLength: 100}
          customMode: {type: boolean, default: false, description: A camel that becomes a snake.}
          size: {type: string, enum: [small, "large"], default: small, description: 'Size with "quotes"'}
          count: {type: integer, minimum: 1, maximum: 4, default: 1, description: How many.}
          images: {type: array, maxItems: 2, items: {$ref: "../../shared.yaml#/$defs/url"}, description: Where from.}
          fromTask: {type: string, description: An earlier task.}
          length: {anyOf: [{type: integer}, {type: string}], description: Either spelling.}
          scenes:
            type: array
            description: The scenes.
            items:
              title: Scene
              type: object
              description: One scene.
              additionalProperties: false
              required: [text]
              properties:
                text: {type: string, description: What is said.}
                still: {$ref: "../../shared.yaml#/$defs/url", description: What is seen.}
        allOf:
          - if: {required: [size], properties: {size: {const: large}}}
            then: {properties: {count: {maximum: 1}}}
            x-kie-message: may only be 1 for large ones
            x-kie-counterexamples: [{prompt: a page, size: large, count: 2}]
        """
    )
)


class Truth:
    """A folder like `openapi/` that a test can spoil before it is compiled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.api, self.lifecycles, self.codes = copy.deepcopy(API), copy.deepcopy(LIFECYCLES), copy.deepcopy(CODES)
        self.shared = copy.deepcopy(SHARED)
        self.shorthand: dict[str, Any] = {}
        self.families: dict[str, Any] = {}
        self.models = {"acme/tiny.yaml": copy.deepcopy(MODEL)}

    @property
    def model(self) -> dict[str, Any]:
        return self.models["acme/tiny.yaml"]

    def write(self) -> Path:
        for name, document in {
            "kie.yaml": self.api,
            "lifecycles.yaml": self.lifecycles,
            "codes.yaml": self.codes,
            "shared.yaml": self.shared,
            **({"shorthand.yaml": self.shorthand} if self.shorthand else {}),
            **({"families.yaml": self.families} if self.families else {}),
            **{f"models/{name}": document for name, document in self.models.items()},
        }.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return self.folder


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    return Truth(tmp_path / "openapi")
