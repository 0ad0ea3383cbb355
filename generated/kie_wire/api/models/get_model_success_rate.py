"""Read how many tasks of a model succeeded."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import GET_MODEL_SUCCESS_RATE
from ...models.model_success_answer import ModelSuccessAnswer
from ...read import read


def get_model_success_rate(
    model: str,
) -> Call[ModelSuccessAnswer]:
    """Read how many tasks of a model succeeded.

    The last 24 hours in intervals of 10 minutes.
    """
    return Call(
        endpoint=GET_MODEL_SUCCESS_RATE,
        arguments={
            "model": model,
        },
        parse=lambda answer: read(ModelSuccessAnswer.from_dict, answer),
    )
