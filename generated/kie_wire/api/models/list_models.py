"""List the models of the Market."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import LIST_MODELS
from ...models.models_answer import ModelsAnswer
from ...read import read


def list_models(
    *,
    task_type: str | None = None,
    provider: str | None = None,
    q: str | None = None,
) -> Call[ModelsAnswer]:
    """List the models of the Market.

    All models that match, in one answer. Takes a key, costs nothing. One request per second for the four
    operations on models together; beyond that, code 429.
    """
    return Call(
        endpoint=LIST_MODELS,
        query={
            **({} if task_type is None else {"taskType": task_type}),
            **({} if provider is None else {"provider": provider}),
            **({} if q is None else {"q": q}),
        },
        parse=lambda answer: read(ModelsAnswer.from_dict, answer),
    )
