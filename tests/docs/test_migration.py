"""The page for users of other clients names only what there is here."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from kie import Asset, Journal, Kie, Result, Task, TaskStatus, catalog, errors, webhooks

PAGE = (Path(__file__).parent.parent.parent / "docs" / "migration.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and " | " in line]
HERE = "\n".join(row[1] for row in ROWS)


def test_every_name_that_the_page_gives_exists() -> None:
    client = Kie("key")
    task = client.task("0123456789abcdef0123456789abcdef")
    asset = Asset("https://example.com/1.png", 0, "image", task.ref)
    homes: dict[str, object] = {"client": client, "task": task, "result": Result, "asset": asset}
    homes |= {"catalog": catalog, "errors": errors, "webhooks": webhooks}
    found = re.findall(r"`(\w+)\.(\w+)", HERE)
    assert len(found) > 15
    assert {f"{home}.{name}" for home, name in found if not hasattr(homes[home], name)} == set()
    assert {name for name in re.findall(r"\)\.(\w+)\(", HERE) if not hasattr(Task, name)} == {"entries"}
    assert hasattr(Journal, "entries")
    assert hasattr(TaskStatus, "state")


def test_every_option_that_the_page_gives_is_one_of_run_and_submit() -> None:
    options = set(re.findall(r"`(\w+)=`", HERE))
    assert options == {"on_progress", "on_submitted", "callback_url", "timeout"}
    assert options <= set(inspect.signature(Kie.run).parameters)
    assert options <= set(inspect.signature(Kie.submit).parameters)


def test_the_page_names_what_users_of_the_other_clients_call() -> None:
    there = set(re.findall(r"\w+", " ".join(row[0] for row in ROWS)))
    fal = """
        run subscribe submit status result cancel stream realtime upload upload_file upload_image encode_file
        encode_image run_async subscribe_async submit_async SyncClient AsyncClient Queued InProgress Completed
        iter_events get request_id on_queue_update on_enqueue with_logs client_timeout start_timeout priority hint
        headers webhook_url FalClientHTTPError FalClientTimeoutError FAL_KEY
    """
    replicate = """
        run async_run stream predictions create get list cancel reload wait output error metrics logs status
        output_iterator FileOutput models search files webhooks validate webhook webhook_events_filter Client api_token
        ModelError ReplicateError REPLICATE_API_TOKEN
    """
    assert {*fal.split(), *replicate.split()} - there == set()
