"""Models that work and have another documented form, and ids that the Market took."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kie import catalog
from kie.models import RunwayGenerate, Veo31Extend, VeoExtend, VeoGenerate
from kie.testing import virtual_kie

MARKET_IDS = frozenset(
    json.loads((Path(__file__).parent.parent / "recordings" / "market_ids.json").read_text("utf-8"))["ids"]
)
"""The ids that the vendor's Models API listed on 2026-10-01."""
WITHOUT_FIELDS = {"gemini-omni-audio", "gemini-omni-character"}
"""Ids of the Market whose fields nobody has published: names for the endpoints of their own."""
SUPERSEDED = catalog.models(status="superseded")


def test_superseded_models_are_listed_with_the_active_ones() -> None:
    listed = catalog.models()
    assert {model.status for model in listed} == {"active", "superseded"}
    assert set(SUPERSEDED) < set(listed)
    assert set(catalog.models(status="active")) == set(listed) - set(SUPERSEDED)


def test_each_superseded_model_names_models_that_the_vendor_documents() -> None:
    assert len(SUPERSEDED) == 31
    for model in SUPERSEDED:
        assert model.successors
        for successor in map(catalog.get, model.successors):
            assert (successor.status, successor.lifecycle, successor.kind) == ("active", "jobs", model.kind)


def test_an_id_of_the_market_means_the_model_of_the_market() -> None:
    taken = {model.id: model.lifecycle for model in catalog.models(status="all") if model.id in MARKET_IDS}
    assert set(taken.values()) == {"jobs"}
    assert {id for id in MARKET_IDS if catalog.shorthand(id) is not None} == WITHOUT_FIELDS
    for id in taken:
        assert catalog.resolve(id).id == id


def test_a_model_whose_id_was_taken_says_which_it_had() -> None:
    former = {model.id: model.former_id for model in catalog.models(status="all") if model.former_id is not None}
    assert former == {"runway/generate": "runway", "veo/extend-video": "veo/extend"}
    assert set(former.values()) <= MARKET_IDS
    assert (RunwayGenerate.info.name, VeoExtend.info.name) == ("runway/generate", "veo/extend-video")
    assert Veo31Extend.info.name == "veo/extend"


def test_a_superseded_model_is_submitted_without_a_word(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    client, service, _ = virtual_kie()
    client.submit(VeoGenerate(prompt="A lighthouse"))
    assert len(service.accepted) == 1
    assert not caplog.records and not recwarn.list


def test_the_docstring_of_a_superseded_class_names_its_successor() -> None:
    for model in SUPERSEDED:
        doc = " ".join((model.request_class.__doc__ or "").split())
        assert "Superseded: it still works" in doc
        assert all(f"`{successor}`" in doc for successor in model.successors)
    assert "Superseded" not in (Veo31Extend.__doc__ or "")
