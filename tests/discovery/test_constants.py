"""Names for values that models share."""

from __future__ import annotations

import subprocess
import sys

from kie import catalog, constants

NAMED = {name: value for name, value in vars(constants).items() if name.isupper()}
EXPECTED = {
    "RATIO": "1X1=1:1 16X9=16:9 9X16=9:16 4X3=4:3 3X4=3:4 3X2=3:2 2X3=2:3 5X4=5:4 4X5=4:5 21X9=21:9 9X21=9:21 "
    "AUTO=auto",
    "RESOLUTION": "1K=1K 2K=2K 4K=4K",
    "FORMAT": "PNG=png JPG=jpg JPEG=jpeg",
    "DURATION": "4S=4s 5S=5s 8S=8s 10S=10s 4SEC=4 5SEC=5 6SEC=6 8SEC=8 10SEC=10 12SEC=12 15SEC=15 25SEC=25",
    "VIDEO_RESOLUTION": "480P=480p 580P=580p 720P=720p 1080P=1080p CAPITAL_512P=512P CAPITAL_768P=768P "
    "CAPITAL_1080P=1080P",
    "QUALITY": "BASIC=basic MEDIUM=medium HIGH=high",
    "SIZE": "SQUARE=square SQUARE_HD=square_hd PORTRAIT_4_3=portrait_4_3 PORTRAIT_16_9=portrait_16_9 "
    "LANDSCAPE_4_3=landscape_4_3 LANDSCAPE_16_9=landscape_16_9",
    "STYLE": "AUTO=AUTO GENERAL=GENERAL REALISTIC=REALISTIC DESIGN=DESIGN",
}


def test_the_constants_are_exactly_these() -> None:
    expected = {}
    for group, members in EXPECTED.items():
        for name, _, value in (member.partition("=") for member in members.split()):
            expected[f"{group}_{name}"] = value
    assert expected == NAMED
    assert sorted(constants.__all__) == sorted(NAMED)


def test_styles_sizes_and_resolutions_are_values_that_models_take() -> None:
    allowed = {value for model in catalog.models(status="all") for field in model.fields for value in field.enum}
    for group in ("STYLE_", "SIZE_", "RESOLUTION_"):
        assert {value for name, value in NAMED.items() if name.startswith(group)} <= allowed


def test_importing_them_loads_nothing_else_of_this_package() -> None:
    code = "import sys, kie.constants; print(*sorted(name for name in sys.modules if name.startswith('kie')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["kie", "kie.constants"]
