from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="AnnouncementsRequest")


@_attrs_define
class AnnouncementsRequest:
    """Which page of the change log to read."""

    page_num: int
    """ Number of the page, from 1. """
    page_size: int
    """ Entries on a page. """
    language: str | Unset = UNSET
    """ Language, such as `en`. """
    project_source: str | Unset = UNSET
    """ Which of the vendor's sites; its values are not known. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        page_num = self.page_num

        page_size = self.page_size

        language = self.language

        project_source = self.project_source

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pageNum": page_num,
                "pageSize": page_size,
            }
        )
        if language is not UNSET:
            field_dict["language"] = language
        if project_source is not UNSET:
            field_dict["projectSource"] = project_source

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        page_num = d.pop("pageNum")

        page_size = d.pop("pageSize")

        language = d.pop("language", UNSET)

        project_source = d.pop("projectSource", UNSET)

        announcements_request = cls(
            page_num=page_num,
            page_size=page_size,
            language=language,
            project_source=project_source,
        )

        announcements_request.additional_properties = d
        return announcements_request

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
