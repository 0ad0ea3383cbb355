"""Names for values that many models share, so that an editor completes them: `from kie.constants import RATIO_16X9`.

Each has a literal type and fits the fields that take the value. Where a model does not take it, type checkers see
an error, and constructing the request raises `RequestInvalid`. Plain strings do as well. `catalog.get(id).fields` says
what each model takes. Imports nothing.
"""

from typing import Final

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

# Durations of videos in seconds: for `duration`, written without a unit (as most models want it)
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

# Names of fields, for what to make
PARAM_PROMPT: Final = "prompt"
PARAM_NEGATIVE_PROMPT: Final = "negative_prompt"
PARAM_ASPECT_RATIO: Final = "aspect_ratio"
PARAM_IMAGE_SIZE: Final = "image_size"
PARAM_RESOLUTION: Final = "resolution"
PARAM_OUTPUT_FORMAT: Final = "output_format"
PARAM_SEED: Final = "seed"

# Names of fields, for images to start from
PARAM_IMAGE: Final = "image"
PARAM_IMAGE_URL: Final = "image_url"
PARAM_IMAGE_URLS: Final = "image_urls"
PARAM_IMAGE_INPUT: Final = "image_input"
PARAM_INPUT_URLS: Final = "input_urls"
PARAM_END_IMAGE_URL: Final = "end_image_url"
PARAM_TAIL_IMAGE_URL: Final = "tail_image_url"

# Names of fields, for videos and sound
PARAM_DURATION: Final = "duration"
PARAM_MODE: Final = "mode"
PARAM_VIDEO_URL: Final = "video_url"
PARAM_VIDEO_URLS: Final = "video_urls"
PARAM_AUDIO_URL: Final = "audio_url"
PARAM_CAMERA_FIXED: Final = "camera_fixed"

# Names of fields, for how many and how large
PARAM_N: Final = "n"
PARAM_NUM_IMAGES: Final = "num_images"
PARAM_SCALE: Final = "scale"

# Names of fields, for quality and style
PARAM_QUALITY: Final = "quality"
PARAM_STYLE: Final = "style"
PARAM_RENDERING_SPEED: Final = "rendering_speed"

# Names of fields, for advanced use
PARAM_CFG_SCALE: Final = "cfg_scale"
PARAM_GUIDANCE_SCALE: Final = "guidance_scale"
PARAM_STRENGTH: Final = "strength"
PARAM_PROMPT_OPTIMIZER: Final = "prompt_optimizer"
PARAM_ENABLE_SAFETY_CHECKER: Final = "enable_safety_checker"
