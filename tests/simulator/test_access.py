"""Keys, limits, balance and prices of the simulated service."""

from __future__ import annotations

import pytest

from kie._core.price_list import packaged
from kie.simulator import Simulator
from tests.simulator.support import CITY, LATER, accept, ask, fetch, poll, read, result_urls, submit

CREATE, POLL, CREDIT = "/api/v1/jobs/createTask", "/api/v1/jobs/recordInfo", "/api/v1/chat/credit"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer "}, {"authorization": "Basic abc"}])
def test_without_a_key_the_answer_is_code_401_in_http_200(headers: dict[str, str]) -> None:
    answer = ask(Simulator(), "GET", CREDIT, headers={"user-agent": "x", **headers})
    assert answer.status == 200
    assert read(answer)["code"] == 401
    assert read(answer)["msg"] == "You do not have access permissions"


def test_only_the_keys_of_the_account_work() -> None:
    state = Simulator(keys={"right"})
    for key, code in (("right", 200), ("wrong", 401)):
        headers = {"user-agent": "x", "authorization": f"Bearer {key}"}
        assert read(ask(state, "GET", CREDIT, headers=headers))["code"] == code


def test_without_a_user_agent_the_edge_answers_403_and_no_json() -> None:
    answer = ask(Simulator(), "POST", CREATE, CITY, headers={"authorization": "Bearer k"})
    assert (answer.status, answer.body) == (403, b"error code: 1010")


def test_an_unknown_route_is_404_and_a_wrong_method_405() -> None:
    assert ask(Simulator(), "GET", "/api/v1/nothing").status == 404
    assert ask(Simulator(), "GET", CREATE).status == 405


def test_the_twenty_first_submission_within_ten_seconds_is_dropped() -> None:
    state = Simulator()
    assert {submit(state, now=index / 100)["code"] for index in range(20)} == {200}
    assert submit(state, now=9.9)["code"] == 429
    assert len(state.accepted) == 20
    assert submit(state, now=10.0)["code"] == 200


def test_limits_are_kept_for_each_key() -> None:
    state = Simulator()
    for _ in range(20):
        submit(state)
    other = {"user-agent": "x", "authorization": "Bearer another"}
    assert submit(state, headers=other)["code"] == 200


def test_the_eleventh_poll_within_a_second_is_dropped() -> None:
    state = Simulator()
    task_id = accept(state)
    codes = [poll(state, task_id, now=index / 100)["code"] for index in range(11)]
    assert codes == [200] * 10 + [429]
    assert poll(state, task_id, now=1.5)["code"] == 200


def test_limits_can_be_turned_off() -> None:
    state = Simulator(limits=False)
    assert {submit(state)["code"] for _ in range(50)} == {200}


def test_the_balance_is_charged_on_acceptance_and_has_decimals() -> None:
    state = Simulator(credits="18.25")
    accept(state)
    assert read(ask(state, "GET", CREDIT)) == {"code": 200, "msg": "success", "data": 0.25}


def test_without_enough_credits_nothing_is_started() -> None:
    state = Simulator(credits=4)
    assert submit(state)["code"] == 402
    assert not state.accepted
    assert state.credits == 4


def test_a_key_sent_to_a_file_is_noted_and_never_kept() -> None:
    state = Simulator()
    url = result_urls(state)[0]
    assert fetch(state, url).status == 200
    assert state.leaked_keys == []
    fetch(state, url, headers={"authorization": "Bearer secret"})
    assert state.leaked_keys == [url.removeprefix(state.base_url)]


def test_the_price_list_needs_no_key_and_is_the_one_that_came_with_this_package() -> None:
    state, headers = Simulator(), {"user-agent": "x"}
    counts = read(ask(state, "GET", "/client/v1/model-pricing/count", headers=headers))["data"]
    body = {"pageNum": 1, "pageSize": 100, "modelDescription": "", "interfaceType": ""}
    page = read(ask(state, "POST", "/client/v1/model-pricing/page", body, headers=headers))["data"]
    assert counts["all"] == page["total"] == len(packaged())
    assert len(page["records"]) == min(100, page["total"])
    assert counts["all"] == sum(counts[kind] for kind in ("image", "video", "music", "chat"))


def test_the_price_list_is_searched_and_paged() -> None:
    state = Simulator()

    def page(**body: object) -> list[str]:
        answer = read(ask(state, "POST", "/client/v1/model-pricing/page", body))
        return [row["modelDescription"] for row in answer["data"]["records"]]

    assert [name.split(",")[0] for name in page(pageNum=1, pageSize=9, modelDescription="SEEDREAM 4.5, T")] == [
        "seedream 4.5"
    ]
    every = page(pageNum=1, pageSize=100, interfaceType="video")
    assert (
        page(pageNum=1, pageSize=2, interfaceType="video") + page(pageNum=2, pageSize=2, interfaceType="video")
        == (every[:4])
    )
    assert read(ask(state, "POST", "/client/v1/model-pricing/page", {"pageNum": 0}))["code"] == 422


def test_a_download_link_works_for_twenty_minutes() -> None:
    state = Simulator()
    url = result_urls(state)[0]
    path = "/api/v1/common/download-url"
    link = read(ask(state, "POST", path, {"url": url}, now=LATER))["data"]
    assert fetch(state, link, now=LATER + 1199).body == fetch(state, url).body
    assert fetch(state, link, now=LATER + 1201).status == 403
    wrong = read(ask(state, "POST", path, {"url": "https://cdn.example.com/a.mp4"}))
    assert wrong == {"code": 422, "msg": "url is wrong", "data": None}
