"""pixverse-v6/image-to-video: the request class, compiled from openapi/models/pixverse-v6/image-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, default_unless, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _PixverseV6ImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class PixverseV6ImageToVideo(Request[VideoResult]):
    """PixVerse V6, for videos from images, or with the effect of a template.

    Model `pixverse-v6/image-to-video` by PixVerse: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/pixverse/image-to-video.md).

    Args:
        prompt: How the image comes to life. 3 to 5,000 characters.
        image_urls: The images to animate. A template needs its own number of them. 1 to 2 items. JPEG, PNG or
            WebP, up to 20 MB each. URLs or local media.
        quality: Size of the video. Default: "720p".
        generate_audio_switch: Whether the video has sound that fits the picture. Default: false.
        generate_multi_clip_switch: Whether the video is made of several clips rather than one. Default: false.
        seed: Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647.
        template_id: Id of an effect template, which also fixes the length of the video. It takes one image,
            except `412736208886848`, `404820147974080` and `398980393937856`, which take two. A preview is at
            `https://static.aiquickdraw.com/tools/example/<template_id>.mp4`.
        duration: Length of the video in seconds. Not with `template_id`, which fixes the length. 1 to 15.
            Default: 5, if `template_id` is absent.

    Rules:
        `duration` must be left out when `template_id` is given, since the template fixes the length.
        `image_urls` must hold two images for this template.
        `image_urls` must hold one image for this template.
    """

    info = ModelInfo(
        slug="pixverse_v6_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="pixverse-v6/image-to-video",
        typical_seconds=(16, None, 1),
    )

    prompt: str
    """How the image comes to life. 3 to 5,000 characters."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_PixverseV6ImageToVideo_image_urls)
    """The images to animate. A template needs its own number of them. 1 to 2 items. JPEG, PNG or WebP, up to 20 MB
    each. URLs or local media."""
    quality: Literal["360p", "540p", "720p", "1080p"] | None = "720p"
    """Size of the video. Default: "720p"."""
    generate_audio_switch: bool | None = False
    """Whether the video has sound that fits the picture. Default: false."""
    generate_multi_clip_switch: bool | None = False
    """Whether the video is made of several clips rather than one. Default: false."""
    seed: int | None = None
    """Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647."""
    template_id: (
        Literal[
            "412736208886848",
            "411563216524736",
            "411316927927040",
            "411174903569216",
            "410999246341952",
            "408891141511104",
            "410317363057408",
            "410285445698304",
            "410133101388544",
            "409899296377728",
            "408897485909952",
            "408869061406656",
            "408661207662528",
            "409767750265728",
            "409766559675264",
            "409589071559552",
            "407804339389760",
            "407658863287616",
            "407474361215744",
            "407473438360320",
            "407467702283008",
            "385844572217469",
            "406428904874432",
            "406423682060736",
            "406411724685760",
            "406372274350528",
            "406218913317312",
            "406218479198656",
            "406064763308480",
            "406413607395776",
            "405662117814720",
            "406014934000064",
            "405658369331648",
            "405321470423488",
            "405175211454656",
            "404955806201792",
            "404820147974080",
            "398980393937856",
            "403916646846400",
            "403739217192896",
            "403560060358144",
            "403556618212098",
            "398965022284579",
            "402201060373270",
            "403085292466285",
            "402061828030966",
            "402888569901524",
            "402155676592228",
            "402047865383360",
            "402046136040202",
        ]
        | None
    ) = None
    """Id of an effect template, which also fixes the length of the video. It takes one image, except
    `412736208886848`, `404820147974080` and `398980393937856`, which take two. A preview is at
    `https://static.aiquickdraw.com/tools/example/<template_id>.mp4`."""
    duration: int | None = default_unless(5, "template_id")
    """Length of the video in seconds. Not with `template_id`, which fixes the length. 1 to 15. Default: 5, if
    `template_id` is absent."""

    if TYPE_CHECKING:
        Quality = Literal["360p", "540p", "720p", "1080p"]
        TemplateId = Literal[
            "412736208886848",
            "411563216524736",
            "411316927927040",
            "411174903569216",
            "410999246341952",
            "408891141511104",
            "410317363057408",
            "410285445698304",
            "410133101388544",
            "409899296377728",
            "408897485909952",
            "408869061406656",
            "408661207662528",
            "409767750265728",
            "409766559675264",
            "409589071559552",
            "407804339389760",
            "407658863287616",
            "407474361215744",
            "407473438360320",
            "407467702283008",
            "385844572217469",
            "406428904874432",
            "406423682060736",
            "406411724685760",
            "406372274350528",
            "406218913317312",
            "406218479198656",
            "406064763308480",
            "406413607395776",
            "405662117814720",
            "406014934000064",
            "405658369331648",
            "405321470423488",
            "405175211454656",
            "404955806201792",
            "404820147974080",
            "398980393937856",
            "403916646846400",
            "403739217192896",
            "403560060358144",
            "403556618212098",
            "398965022284579",
            "402201060373270",
            "403085292466285",
            "402061828030966",
            "402888569901524",
            "402155676592228",
            "402047865383360",
            "402046136040202",
        ]
