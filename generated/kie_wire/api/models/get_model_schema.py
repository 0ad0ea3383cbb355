"""Read what the vendor documents of a model."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import GET_MODEL_SCHEMA
from ...models.model_schema_answer import ModelSchemaAnswer
from ...read import read


def get_model_schema(
    model: str,
) -> Call[ModelSchemaAnswer]:
    """Read what the vendor documents of a model.

    An OpenAPI document of the one operation, with callbacks. The slashes of the id stand in the path as they are.
    Some models have none.
    """
    return Call(
        endpoint=GET_MODEL_SCHEMA,
        arguments={
            "model": model,
        },
        parse=lambda answer: read(ModelSchemaAnswer.from_dict, answer),
    )
