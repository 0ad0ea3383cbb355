from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PriceCounts")


@_attrs_define
class PriceCounts:
    """Rows of each kind."""

    all_: int | None | Unset = UNSET
    """ All rows. """
    image: int | None | Unset = UNSET
    """ Image models. """
    video: int | None | Unset = UNSET
    """ Video models. """
    music: int | None | Unset = UNSET
    """ Music and speech models. """
    chat: int | None | Unset = UNSET
    """ Language models. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        all_: int | None | Unset
        if isinstance(self.all_, Unset):
            all_ = UNSET
        else:
            all_ = self.all_

        image: int | None | Unset
        if isinstance(self.image, Unset):
            image = UNSET
        else:
            image = self.image

        video: int | None | Unset
        if isinstance(self.video, Unset):
            video = UNSET
        else:
            video = self.video

        music: int | None | Unset
        if isinstance(self.music, Unset):
            music = UNSET
        else:
            music = self.music

        chat: int | None | Unset
        if isinstance(self.chat, Unset):
            chat = UNSET
        else:
            chat = self.chat

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if all_ is not UNSET:
            field_dict["all"] = all_
        if image is not UNSET:
            field_dict["image"] = image
        if video is not UNSET:
            field_dict["video"] = video
        if music is not UNSET:
            field_dict["music"] = music
        if chat is not UNSET:
            field_dict["chat"] = chat

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_all_(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        all_ = _parse_all_(d.pop("all", UNSET))

        def _parse_image(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        image = _parse_image(d.pop("image", UNSET))

        def _parse_video(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        video = _parse_video(d.pop("video", UNSET))

        def _parse_music(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        music = _parse_music(d.pop("music", UNSET))

        def _parse_chat(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        chat = _parse_chat(d.pop("chat", UNSET))

        price_counts = cls(
            all_=all_,
            image=image,
            video=video,
            music=music,
            chat=chat,
        )

        price_counts.additional_properties = d
        return price_counts

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
