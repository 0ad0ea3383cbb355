"""Read what a model costs, in words."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import GET_MODEL_PRICE
from ...models.model_price_answer import ModelPriceAnswer
from ...read import read


def get_model_price(
    model: str,
) -> Call[ModelPriceAnswer]:
    """Read what a model costs, in words.

    The same text as in the list of models. Some models have none.
    """
    return Call(
        endpoint=GET_MODEL_PRICE,
        arguments={
            "model": model,
        },
        parse=lambda answer: read(ModelPriceAnswer.from_dict, answer),
    )
