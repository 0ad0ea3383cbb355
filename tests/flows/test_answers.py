"""Whatever bytes come as an answer: a value or a `KieError`, never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kie import Kie, KieError, PollPolicy
from kie._core.call import HttpRequest, HttpResponse
from kie._io.bodies import Stream
from kie._io.process import Process
from kie.models import NanoBananaPro
from kie.testing import VirtualClock

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "taskId recordId state resultJson param failCode failMsg costTime completeTime createTime creditsConsumed progress "
    "model resultUrls downloadUrl fileUrl uploadedAt fileSize records pages total creditPrice"
).split()
TEXT_JSON = st.one_of(JUNK, st.dictionaries(st.just("resultUrls"), JUNK)).map(json.dumps)
DATA = st.one_of(
    JUNK,
    st.dictionaries(
        st.sampled_from(KEYS),
        st.one_of(JUNK, TEXT_JSON, st.sampled_from(["success", "fail", "waiting", "https://example.com/a.png"])),
        max_size=8,
    ),
)
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "code": st.one_of(st.sampled_from([200, "200", 200.0, 404, 422, 429, 500, 501, None, True]), JUNK),
        "msg": JUNK,
        "data": DATA,
        "success": JUNK,
    },
)
BODIES = st.one_of(
    st.binary(max_size=60),
    ENVELOPES.map(lambda value: json.dumps(value).encode()),
    ENVELOPES.map(lambda value: json.dumps(value).encode("utf-16")),
    st.tuples(st.text(max_size=5), ENVELOPES, st.text(max_size=5)).map(
        lambda parts: f"{parts[0]}{json.dumps(parts[1])}{parts[2]}".encode("utf-8", "surrogatepass")
    ),
    st.sampled_from(
        [b"[" * 100_000, b'{"code":200,"data":' + b"[" * 50_000, b'{"code":200,"data":1e999}', b"\xff\xfe", b""]
    ),
)
HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "date", "x-request-id", "location", "content-type"]),
    st.text(max_size=20),
    max_size=3,
)


class Anything:
    """A transport that answers each request with the next of some responses, then with the last one forever."""

    def __init__(self, responses: list[HttpResponse]) -> None:
        self.responses = responses

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractContextManager[Stream]:
        raise AssertionError("nothing is downloaded here")

    def close(self) -> None:
        pass


def client_for(responses: list[HttpResponse]) -> Kie:
    client = Kie("key", transport=Anything(responses), timeout=60, poll=PollPolicy(min_interval=5, max_interval=20))
    clock = VirtualClock()
    client._driver.session.clock = clock
    client._driver.session.process = Process()
    client._driver.sleep = clock.sleep
    return client


RESPONSES = st.lists(
    st.builds(lambda status, headers, body: HttpResponse(status=status, headers=headers, body=body),
              st.sampled_from([200, 200, 200, 204, 302, 400, 401, 404, 429, 500, 503]), HEADERS, BODIES),
    min_size=1,
    max_size=4,
)  # fmt: skip
CALLS: list[Callable[[Kie], Any]] = [
    lambda client: client.credits(),
    lambda client: client.run(NanoBananaPro(prompt="x")),
    lambda client: client.task("abc").refresh(),
    lambda client: client.task("abc", of=NanoBananaPro).wait(),
    lambda client: client.task("abc").wait(),
    lambda client: client.upload(b"abc"),
    lambda client: client.upload("data:image/png;base64,AAAA"),
    lambda client: client.download_url("https://example.com/a.png"),
    lambda client: client.prices(),
    lambda client: client.price_counts(),
]


@given(st.sampled_from(CALLS), RESPONSES)
def test_any_answer_gives_a_value_or_a_kie_error(call: Callable[[Kie], Any], responses: list[HttpResponse]) -> None:
    try:
        call(client_for(list(responses)))
    except KieError as error:
        assert str(error)
