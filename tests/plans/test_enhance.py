"""Enhancement: what a policy does, and what becomes of a prompt whose enhancer goes wrong."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import Kie, RateLimit, no_retry
from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie._tasks import chat
from kie.errors import ConfigError, NotReady, RateLimited, ResultInvalid, TransportFailed, Unauthorized
from kie.plans import Brief, ChatEnhancer, Plan
from kie.simulator import Simulator
from kie.simulator._chat import MODELS, PRICE
from kie.testing import VirtualClock, virtual_async_kie, virtual_kie

MODEL = "nano-banana-2"


@attrs.define
class Scripted:
    """An enhancer that does what it is told, and keeps what it was asked."""

    does: Callable[[Brief], Any]
    asked: list[Brief] = attrs.field(factory=list)

    def enhance(self, brief: Brief, /) -> Any:
        self.asked.append(brief)
        return self.does(brief)


def said(text: Any) -> Scripted:
    return Scripted(lambda _: text)


def raising(error: BaseException) -> Scripted:
    def does(_: Brief) -> str:
        raise error

    return Scripted(does)


@pytest.fixture
def kie() -> Kie:
    return virtual_kie()[0]


def final(plan: Plan) -> str:
    assert plan.request is not None and plan.prompts is not None
    sent = plan.request.to_wire()["input"]
    assert isinstance(sent, dict) and sent["prompt"] == plan.prompts.final
    return plan.prompts.final


# Policies


def test_off_asks_no_enhancer(kie: Kie) -> None:
    enhancer = said("A better cat")
    plan = kie.plan(MODEL, prompt="a cat", enhance="off", enhancer=enhancer)
    assert (final(plan), enhancer.asked, plan.warnings) == ("a cat", [], ())
    assert kie.plan(MODEL, prompt="a cat").prompts == plan.prompts


def test_preview_shows_and_uses_the_given_prompt(kie: Kie) -> None:
    plan = kie.plan(MODEL, prompt="a cat", enhance="preview", enhancer=said("A better cat"))
    assert plan.prompts is not None
    assert (plan.prompts.raw, plan.prompts.enhanced, final(plan)) == ("a cat", "A better cat", "a cat")
    assert (plan.decision, plan.changes) == ("allow", ())


def test_auto_uses_the_enhanced_prompt_and_says_so(kie: Kie) -> None:
    plan = kie.plan(MODEL, prompt="a cat", enhance="auto", enhancer=said("  A better cat \n"))
    assert plan.prompts is not None
    assert (plan.prompts.raw, plan.prompts.enhanced, final(plan)) == ("a cat", "A better cat", "A better cat")
    assert (plan.decision, plan.changes, plan.state) == ("allow", ("prompt: enhanced",), "ready_with_defaults")
    assert kie.plan(MODEL, prompt="a cat", enhancer=said("A better cat")).prompts == plan.prompts


def test_ask_needs_a_confirmation(kie: Kie) -> None:
    plan = kie.plan(MODEL, prompt="a cat", enhance="ask", enhancer=said("A better cat"))
    assert final(plan) == "A better cat"
    assert (plan.decision, plan.reasons) == ("require_confirmation", ("the enhanced prompt must be confirmed",))
    with pytest.raises(NotReady):
        kie.run(plan)
    assert kie.run(plan, confirmed=True).urls


def test_ask_needs_no_confirmation_of_what_was_not_changed(kie: Kie) -> None:
    assert kie.plan(MODEL, prompt="a cat", enhance="ask", enhancer=said("a cat")).decision == "allow"


def test_a_later_plan_takes_back_or_takes_over_without_asking_again(kie: Kie) -> None:
    enhancer = said("A better cat")
    plan = kie.plan(MODEL, prompt="a cat", enhance="ask", enhancer=enhancer)
    off, auto, preview = (kie.plan(plan, enhance=policy) for policy in ("off", "auto", "preview"))
    assert (final(off), off.decision) == ("a cat", "allow")
    assert (final(auto), auto.decision) == ("A better cat", "allow")
    assert (final(preview), preview.decision) == ("a cat", "allow")
    assert len(enhancer.asked) == 1


def test_an_answer_keeps_the_enhanced_prompt_but_never_asks_for_one(kie: Kie) -> None:
    enhancer = said("A better cat")
    plan = kie.plan(MODEL, prompt="a cat", enhancer=enhancer)
    assert final(plan.answer(resolution="2K")) == "A better cat"
    other = plan.answer(prompt="a dog")
    assert (final(other), [issue.rule for issue in other.warnings]) == ("a dog", ["enhancer"])
    assert len(enhancer.asked) == 1


def test_a_plan_that_lacks_something_is_not_enhanced(kie: Kie) -> None:
    enhancer = said("A better cat")
    plan = kie.plan("kling-3.0-motion", prompt="a cat", images=["https://example.com/a.png"], enhancer=enhancer)
    assert plan.state == "needs_input"
    assert enhancer.asked == []


def test_no_prompt_is_not_enhanced(kie: Kie) -> None:
    enhancer = said("A better cat")
    assert kie.plan(MODEL, enhancer=enhancer).state == "needs_input"
    assert kie.plan(MODEL, prompt="  ", enhancer=enhancer).prompts is None
    assert enhancer.asked == []


@pytest.mark.parametrize("policy", ["always", "", True, 7, ["auto"]])
def test_an_unknown_policy_is_a_config_error(kie: Kie, policy: Any) -> None:
    with pytest.raises(ConfigError, match="enhance must be off, preview, ask or auto"):
        kie.plan(MODEL, prompt="a cat", enhance=policy)


def test_a_finished_request_is_not_changed(kie: Kie) -> None:
    request = kie.plan(MODEL, prompt="a cat").request
    assert request is not None
    assert kie.plan(request).request == request
    given: dict[str, Any]
    for given in ({"preset": "image"}, {"enhancer": said("A better cat")}):
        with pytest.raises(ConfigError, match="this request is complete"):
            kie.plan(request, **given)


def test_the_enhancer_is_asked_with_the_instructions_of_the_preset(kie: Kie) -> None:
    enhancer = said("A better cat")
    kie.plan(MODEL, prompt="a {{cat}}", aspect_ratio="16:9", enhancer=enhancer)
    (brief,) = enhancer.asked
    assert (brief.prompt, brief.model, brief.pattern) == ("a {{cat}}", "nano-banana-2", "text_to_image")
    assert "16:9" in brief.instructions and brief.instructions.endswith("a {{cat}}")
    assert brief.prompt_limit == 20000


# What goes wrong


class Hostile:
    def __repr__(self) -> str:
        raise RuntimeError("no repr")


class Unsaid(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


WRONG: dict[str, tuple[Any, str]] = {
    "raises": (raising(ValueError("out of ideas")), "ValueError: out of ideas"),
    "raises what cannot be shown": (raising(Unsaid()), "Unsaid"),
    "raises at length": (raising(ValueError("x" * 10**6)), "xxx..."),
    "times out": (raising(TimeoutError()), "TimeoutError"),
    "answers nothing": (said(None), "gave None instead of text"),
    "answers an empty text": (said(""), "gave an empty text"),
    "answers spaces": (said(" \n\t"), "gave an empty text"),
    "answers bytes": (said(b"A better cat"), "instead of text"),
    "answers a list": (said(["A better cat"]), "instead of text"),
    "answers what cannot be shown": (said(Hostile()), "<Hostile> instead of text"),
    "answers half of a letter": (said("A \ud800 cat"), "half of a surrogate pair"),
    "answers too much for the model": (said("cat " * 6000), "does not fit the model"),
    "answers too much for anything": (said("x" * 200_000), "gave 200000 characters"),
    "has no such method": (object(), "AttributeError"),
    "is not there": (None, "no enhancer was given"),
    "is asynchronous": (Scripted(lambda brief: asyncio.sleep(0, "A better cat")), "may not be async"),
}


@pytest.mark.parametrize(("enhancer", "why"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("policy", ["preview", "ask", "auto"])
def test_whatever_an_enhancer_does_wrong_is_a_warning(kie: Kie, policy: Any, enhancer: Any, why: str) -> None:
    plan = kie.plan(MODEL, prompt="a cat", enhance=policy, enhancer=enhancer)
    assert (final(plan), plan.state, plan.decision) == ("a cat", "ready_with_warning", "allow")
    (warning,) = plan.warnings
    assert warning.rule == "enhancer"
    assert why in str(warning) and "the prompt is used as it was given" in str(warning)
    assert len(str(warning)) < 600
    assert pickle.loads(pickle.dumps(plan)).prompts == plan.prompts


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), SystemExit(1)])
def test_an_interruption_passes_through(kie: Kie, interruption: BaseException) -> None:
    with pytest.raises(type(interruption)):
        kie.plan(MODEL, prompt="a cat", enhancer=raising(interruption))


def test_a_cancellation_passes_through() -> None:
    async def never(brief: Brief) -> str:
        await asyncio.Event().wait()
        return brief.prompt

    async def main() -> None:
        kie, *_ = virtual_async_kie()
        work = asyncio.ensure_future(kie.plan(MODEL, prompt="a cat", enhancer=Scripted(never)))
        await asyncio.sleep(0)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(main())


def test_an_asynchronous_client_awaits_its_enhancer() -> None:
    async def better(brief: Brief) -> str:
        return f"A better {brief.prompt}"

    async def main() -> Plan:
        kie, *_ = virtual_async_kie()
        return await kie.plan(MODEL, prompt="cat", enhancer=Scripted(better))

    assert final(asyncio.run(main())) == "A better cat"


# Presets in a plan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "water.md").write_text('+++\ntitle = "W"\n+++\n{{user_prompt}}, in watercolour', "utf-8")
    (tmp_path / "mine.md").write_text(
        '+++\ntitle = "M"\nmodels = ["nano-banana-2"]\n+++\n{{user_prompt}}, for {{model}}', "utf-8"
    )
    return tmp_path


def test_a_preset_that_was_asked_for_is_around_the_prompt(kie: Kie, folder: Path) -> None:
    plan = kie.plan(MODEL, prompt="a {{model}}", preset="water", presets=[folder])
    assert final(plan) == "a {{model}}, in watercolour"
    assert (plan.preset.source, plan.preset.reason) == ("request", "water was requested")
    assert plan.changes == ("prompt: in the preset water",)
    assert final(plan.answer(prompt="a dog")) == "a dog, in watercolour"


@pytest.mark.parametrize("given", [{"preset": 7}, {"presets": 7}, {"presets": None}, {"presets": [7]}])
def test_arguments_of_another_type_are_config_errors(kie: Kie, given: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"preset.* must be"):
        kie.plan(MODEL, prompt="a cat", **given)


def test_one_folder_needs_no_list(kie: Kie, folder: Path) -> None:
    assert final(kie.plan(MODEL, prompt="a cat", preset="water", presets=folder)) == "a cat, in watercolour"
    assert final(kie.plan(MODEL, prompt="a cat", preset="water", presets=str(folder))) == "a cat, in watercolour"


def test_a_preset_for_the_model_is_chosen_by_itself(kie: Kie, folder: Path) -> None:
    plan = kie.plan(MODEL, prompt="a cat", presets=[folder])
    assert (final(plan), plan.preset.source) == ("a cat, for nano-banana-2", "model")
    assert kie.plan("nano-banana-pro", prompt="a cat", presets=[folder]).preset.source == "pattern"


def test_a_preset_is_around_the_enhanced_prompt(kie: Kie, folder: Path) -> None:
    plan = kie.plan(MODEL, prompt="a cat", preset="water", presets=[folder], enhancer=said("A better cat"))
    assert plan.prompts is not None
    assert (plan.prompts.enhanced, final(plan)) == ("A better cat", "A better cat, in watercolour")
    assert plan.changes == ("prompt: enhanced, in the preset water",)


def test_a_rendered_prompt_that_is_too_long_is_a_fault_of_the_plan(kie: Kie, folder: Path) -> None:
    plan = kie.plan(MODEL, prompt="x" * 19_990, preset="water", presets=[folder])
    assert (plan.state, [(issue.path, issue.rule) for issue in plan.faults]) == ("invalid", [("prompt", "maxLength")])


def test_an_enhanced_prompt_that_is_too_long_in_its_preset_is_not_used(kie: Kie, folder: Path) -> None:
    enhancer = said("x" * 19_990)
    plan = kie.plan(MODEL, prompt="a cat", preset="water", presets=[folder], enhancer=enhancer)
    assert final(plan) == "a cat, in watercolour"
    assert "does not fit the model" in str(plan.warnings[0])


def test_a_preset_with_faults_makes_a_plan_invalid_only_if_it_was_asked_for(kie: Kie, folder: Path) -> None:
    (folder / "bad.md").write_text('+++\ntitle = "B"\n+++\n{{user_prompt}} {{secret}}', "utf-8")
    asked, other = (kie.plan(MODEL, prompt="a cat", preset=name, presets=[folder]) for name in ("bad", "water"))
    assert (asked.state, asked.decision, [issue.rule for issue in asked.faults]) == (
        "invalid",
        "reject",
        ["unknown_preset"],
    )
    assert "'secret' is not a variable" in str(asked.faults[0])
    assert (final(other), [issue.rule for issue in other.warnings]) == ("a cat, in watercolour", ["preset_faults"])


def test_the_preset_and_the_prompts_are_in_the_document(kie: Kie, folder: Path) -> None:
    found = kie.plan(MODEL, prompt="a cat", preset="water", presets=[folder]).to_dict()
    assert found["preset"] == {
        "name": "water",
        "kind": "prompt",
        "file": str(folder / "water.md"),
        "source": "request",
        "reason": "water was requested",
    }
    assert found["prompts"] == {"raw": "a cat", "enhanced": None, "final": "a cat, in watercolour"}


# The enhancer over the chat route


def test_a_language_model_at_kie_enhances_prompts_and_costs_credits() -> None:
    kie, state, _ = virtual_kie()
    before = state.credits
    plan = kie.plan(MODEL, prompt="a cat", enhancer=ChatEnhancer(kie))
    assert final(plan) == "a cat In fine detail, with clear light."
    assert state.credits == before - PRICE
    assert state.log == [("completeChat", "None")]


def test_the_same_enhancer_serves_an_asynchronous_client() -> None:
    async def main() -> Plan:
        kie, *_ = virtual_async_kie()
        return await kie.plan(MODEL, prompt="a cat", enhancer=ChatEnhancer(kie, model="gemini-3-flash"))

    assert final(asyncio.run(main())) == "a cat In fine detail, with clear light."


@pytest.mark.parametrize("model", MODELS)
def test_every_documented_model_can_be_asked(kie: Kie, model: str) -> None:
    assert ChatEnhancer(kie, model=model).enhance(Brief(prompt="a cat", instructions="")) != "a cat"


def test_the_simulator_refuses_what_cannot_be_answered() -> None:
    kie, state, _ = virtual_kie(credits=0)
    for model, rule in (("gpt-5-2", "InsufficientCredits"), ("gpt-none", "NotFound")):
        plan = kie.plan(MODEL, prompt="a cat", enhancer=ChatEnhancer(kie, model=model))
        assert rule in str(plan.warnings[0])
        assert final(plan) == "a cat"
    assert state.credits == 0


@pytest.mark.parametrize("model", ["", "a/b", "../v1", "a b", "?x", "x" * 200, None, 7])
def test_a_model_that_would_lead_elsewhere_is_refused(kie: Kie, model: Any) -> None:
    with pytest.raises(ConfigError, match="is not the id of a language model"):
        ChatEnhancer(kie, model=model)


@pytest.mark.parametrize("timeout", [0, -1, "7", None, float("inf")])
def test_a_timeout_that_makes_no_sense_is_refused(kie: Kie, timeout: Any) -> None:
    with pytest.raises(ConfigError, match="timeout must be"):
        ChatEnhancer(kie, timeout=timeout)


@attrs.define
class Answering:
    """Gives the answers in turn, and keeps what was sent and how long it might take."""

    answers: list[HttpResponse | TransportError]
    sent: list[tuple[HttpRequest, float]] = attrs.field(factory=list)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.sent.append((request, timeout))
        found = self.answers[min(len(self.sent), len(self.answers)) - 1]
        if isinstance(found, TransportError):
            raise found
        return found

    def stream(self, *arguments: object) -> Any:
        raise AssertionError

    def close(self) -> None:
        pass


def reply(body: str, status: int = 200) -> HttpResponse:
    return HttpResponse(status=status, headers={}, body=body.encode())


def answering(*answers: HttpResponse | TransportError, **options: Any) -> tuple[Kie, Answering]:
    transport = Answering([*answers])
    made = Kie("the-key", transport=transport, rate_limit=RateLimit.unlimited(), limit_group="chat", **options)
    made._driver.session.clock = VirtualClock()
    return made, transport


GOOD = reply('{"choices": [{"message": {"role": "assistant", "content": "A better cat"}}], "usage": {}}')
PARTS = reply('{"choices": [{"message": {"content": [{"type": "text", "text": "A "}, 7, {"text": "cat"}]}}]}')
BRIEF = Brief(prompt="a cat", instructions="Improve this: a cat")


def test_one_message_goes_to_the_api_server_with_the_key_and_the_timeout() -> None:
    kie, transport = answering(GOOD)
    assert ChatEnhancer(kie, timeout=7.0).enhance(BRIEF) == "A better cat"
    ((request, timeout),) = transport.sent
    assert (request.method, request.url) == ("POST", "https://api.kie.ai/gpt-5-2/v1/chat/completions")
    assert request.headers["Authorization"] == "Bearer the-key"
    assert (timeout, request.creates_task) == (7.0, True)
    assert request.content == (
        b'{"messages":[{"role":"user","content":[{"type":"text","text":"Improve this: a cat"}]}],'
        b'"stream":false,"reasoning_effort":"low"}'
    )


def test_a_message_in_parts_is_put_together() -> None:
    assert ChatEnhancer(answering(PARTS)[0]).enhance(BRIEF) == "A cat"


def test_the_key_goes_to_the_server_of_the_client_only() -> None:
    kie, transport = answering(GOOD, base_url="https://proxy.example/kie")
    ChatEnhancer(kie).enhance(BRIEF)
    assert transport.sent[0][0].url == "https://proxy.example/kie/gpt-5-2/v1/chat/completions"


UNREAD = {
    "an HTML page": reply("<html>busy</html>", 502),
    "a stream": reply('data: {"choices": []}\n\n'),
    "an error of OpenAI": reply('{"error": {"message": "busy", "type": "server_error"}}', 500),
    "an error inside HTTP 200": reply('{"error": {"message": "busy"}}'),
    "a lost answer": TransportError("reset", sent=None),
    "a timeout": TransportError("timed out", sent=None, timeout=True),
}


@pytest.mark.parametrize("came", UNREAD.values(), ids=UNREAD)
def test_what_may_have_been_charged_is_never_asked_again(came: HttpResponse | TransportError) -> None:
    kie, transport = answering(came, GOOD)
    with pytest.raises(TransportFailed, match="it may have been charged, and is not asked again"):
        ChatEnhancer(kie).enhance(BRIEF)
    assert len(transport.sent) == 1
    assert "the prompt is used as it was given" in str(
        answering(came)[0].plan(MODEL, prompt="a cat", enhancer=ChatEnhancer(answering(came)[0])).warnings[0]
    )


@pytest.mark.parametrize("first", [reply('{"code": 429, "msg": "slow down"}'), TransportError("refused", sent=False)])
def test_what_certainly_cost_nothing_is_asked_again(first: HttpResponse | TransportError) -> None:
    kie, transport = answering(first, GOOD)
    assert ChatEnhancer(kie).enhance(BRIEF) == "A better cat"
    assert len(transport.sent) == 2
    with pytest.raises((RateLimited, TransportFailed), match=r"slow down|refused"):
        ChatEnhancer(answering(first, GOOD, retry=no_retry())[0]).enhance(BRIEF)


def test_a_refusal_of_the_key_is_reported() -> None:
    # as the service answered this route on 2026-10-01
    kie, transport = answering(reply('{"code": 401, "msg": "Unauthorized"}'))
    with pytest.raises(Unauthorized):
        ChatEnhancer(kie).enhance(BRIEF)
    assert len(transport.sent) == 1


@pytest.mark.parametrize(
    "body",
    [
        *("{}", '{"choices": []}', '{"choices": [{"message": {"content": null}}]}', '{"choices": {"0": 1}}'),
        *('{"code": 200}', '{"choices": [{"message": {"content": []}}]}', '{"choices": [7]}'),
    ],
)
def test_an_answer_without_text_cannot_be_read(body: str) -> None:
    with pytest.raises(ResultInvalid, match="contains no text"):
        ChatEnhancer(answering(reply(body))[0]).enhance(BRIEF)


def test_the_note_on_an_interruption_says_what_may_have_been_charged() -> None:
    @attrs.define
    class Interrupting(Answering):
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            raise KeyboardInterrupt

    kie = Kie("the-key", transport=Interrupting([]), rate_limit=RateLimit.unlimited(), limit_group="chat")
    with pytest.raises(KeyboardInterrupt) as caught:
        ChatEnhancer(kie).enhance(BRIEF)
    assert caught.value.__notes__ == [
        "a request to a language model was under way and may be charged; it is not sent again"
    ]


def test_neither_the_enhancer_nor_a_plan_shows_the_key() -> None:
    kie, *_ = virtual_kie(Simulator(), api_key="a-secret-key")
    enhancer = ChatEnhancer(kie)
    plan = kie.plan(MODEL, prompt="a cat", enhancer=enhancer)
    assert "a-secret-key" not in repr(enhancer) + repr(plan) + str(plan.to_dict())
    assert b"a-secret-key" not in pickle.dumps(plan)


def test_the_default_model_is_one_that_the_simulator_knows() -> None:
    assert chat.MODEL in MODELS
