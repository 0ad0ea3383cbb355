"""What an installed wheel has to be able to do with no extra installed. Uses the standard library and kie only."""

import subprocess
import sys
import tempfile
from typing import Any

from service import png, serving  # type: ignore[import-not-found]

import kie
from kie import Kie, RequestInvalid, catalog
from kie.models import NanoBananaPro

assert "site-packages" in kie.__file__, kie.__file__
assert kie.__version__


quick = kie.PollPolicy(speed=100)
with (
    serving() as base,
    tempfile.TemporaryDirectory() as folder,
    Kie("trial", base_url=base, upload_url=base, poll=quick) as client,
):
    result = client.run(NanoBananaPro(prompt="A lighthouse"))
    (path,) = result.save(folder)
    assert path.name == "abc_0.png" and path.read_bytes() == png(8, 8)

try:
    NanoBananaPro(prompt="", resolution="8K")  # type: ignore[arg-type]
except RequestInvalid as error:
    assert {issue.path for issue in error.issues} == {"prompt", "resolution"}
else:
    raise AssertionError("an invalid request was accepted")

for model in catalog.models(status="all"):
    assert model.request_class.info.name == model.id and model.fields

body: dict[str, Any] = {
    "properties": {"model": {"enum": ["acme/brush-9"]}, "input": {"properties": {"prompt": {"type": "string"}}}}
}
operation: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": body}}}}
brush = catalog.load_vendor("acme/brush-9", {"paths": {"/api/v1/jobs/createTask": {"post": operation}}})
assert brush(prompt="x").to_wire() == {"model": "acme/brush-9", "input": {"prompt": "x"}}

script = subprocess.run([sys.executable, "-m", "kie", "models"], capture_output=True, text=True, timeout=120)
assert script.returncode == 2 and "kie[cli]" in script.stderr, script
