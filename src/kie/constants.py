"""Names for values that many models share, so that an editor completes them: `from kie.constants import RATIO_16X9`.

Each constant has a literal type, so that type checkers accept it exactly where a model takes its value. Elsewhere
constructing the request raises `RequestInvalid`. Plain strings work as well. `catalog.get(id).fields` lists what a
model takes. Imports nothing.
"""

from typing import Final

__all__ = [
    "DURATION_4S",
    "DURATION_4SEC",
    "DURATION_5S",
    "DURATION_5SEC",
    "DURATION_6SEC",
    "DURATION_8S",
    "DURATION_8SEC",
    "DURATION_10S",
    "DURATION_10SEC",
    "DURATION_12SEC",
    "DURATION_15SEC",
    "DURATION_25SEC",
    "FORMAT_JPEG",
    "FORMAT_JPG",
    "FORMAT_PNG",
    "QUALITY_BASIC",
    "QUALITY_HIGH",
    "QUALITY_MEDIUM",
    "RATIO_1X1",
    "RATIO_2X3",
    "RATIO_3X2",
    "RATIO_3X4",
    "RATIO_4X3",
    "RATIO_4X5",
    "RATIO_5X4",
    "RATIO_9X16",
    "RATIO_9X21",
    "RATIO_16X9",
    "RATIO_21X9",
    "RATIO_AUTO",
    "RESOLUTION_1K",
    "RESOLUTION_2K",
    "RESOLUTION_4K",
    "SIZE_LANDSCAPE_4_3",
    "SIZE_LANDSCAPE_16_9",
    "SIZE_PORTRAIT_4_3",
    "SIZE_PORTRAIT_16_9",
    "SIZE_SQUARE",
    "SIZE_SQUARE_HD",
    "STYLE_AUTO",
    "STYLE_DESIGN",
    "STYLE_GENERAL",
    "STYLE_REALISTIC",
    "VIDEO_RESOLUTION_480P",
    "VIDEO_RESOLUTION_580P",
    "VIDEO_RESOLUTION_720P",
    "VIDEO_RESOLUTION_1080P",
    "VIDEO_RESOLUTION_CAPITAL_512P",
    "VIDEO_RESOLUTION_CAPITAL_768P",
    "VIDEO_RESOLUTION_CAPITAL_1080P",
]

# Aspect ratios: width to height, for `aspect_ratio`
RATIO_1X1: Final = "1:1"
RATIO_16X9: Final = "16:9"
RATIO_9X16: Final = "9:16"
RATIO_4X3: Final = "4:3"
RATIO_3X4: Final = "3:4"
RATIO_3X2: Final = "3:2"
RATIO_2X3: Final = "2:3"
RATIO_5X4: Final = "5:4"
RATIO_4X5: Final = "4:5"
RATIO_21X9: Final = "21:9"
RATIO_9X21: Final = "9:21"
RATIO_AUTO: Final = "auto"

# Resolutions of images: for `resolution`
RESOLUTION_1K: Final = "1K"
RESOLUTION_2K: Final = "2K"
RESOLUTION_4K: Final = "4K"

# File formats of images: for `output_format`
FORMAT_PNG: Final = "png"
FORMAT_JPG: Final = "jpg"
FORMAT_JPEG: Final = "jpeg"

# Durations of videos in seconds: for `duration`, written with a unit
DURATION_4S: Final = "4s"
DURATION_5S: Final = "5s"
DURATION_8S: Final = "8s"
DURATION_10S: Final = "10s"

# Durations of videos in seconds: for `duration`, written without a unit (as most models expect it)
DURATION_4SEC: Final = "4"
DURATION_5SEC: Final = "5"
DURATION_6SEC: Final = "6"
DURATION_8SEC: Final = "8"
DURATION_10SEC: Final = "10"
DURATION_12SEC: Final = "12"
DURATION_15SEC: Final = "15"
DURATION_25SEC: Final = "25"

# Resolutions of videos: for `resolution`
VIDEO_RESOLUTION_480P: Final = "480p"
VIDEO_RESOLUTION_580P: Final = "580p"
VIDEO_RESOLUTION_720P: Final = "720p"
VIDEO_RESOLUTION_1080P: Final = "1080p"

# Resolutions of videos: for `resolution` of models that write a capital P (Hailuo)
VIDEO_RESOLUTION_CAPITAL_512P: Final = "512P"
VIDEO_RESOLUTION_CAPITAL_768P: Final = "768P"
VIDEO_RESOLUTION_CAPITAL_1080P: Final = "1080P"

# Qualities: for `quality`
QUALITY_BASIC: Final = "basic"
QUALITY_MEDIUM: Final = "medium"
QUALITY_HIGH: Final = "high"

# Shapes of images: for `image_size`
SIZE_SQUARE: Final = "square"
SIZE_SQUARE_HD: Final = "square_hd"
SIZE_PORTRAIT_4_3: Final = "portrait_4_3"
SIZE_PORTRAIT_16_9: Final = "portrait_16_9"
SIZE_LANDSCAPE_4_3: Final = "landscape_4_3"
SIZE_LANDSCAPE_16_9: Final = "landscape_16_9"

# Styles: for `style`
STYLE_AUTO: Final = "AUTO"
STYLE_GENERAL: Final = "GENERAL"
STYLE_REALISTIC: Final = "REALISTIC"
STYLE_DESIGN: Final = "DESIGN"
