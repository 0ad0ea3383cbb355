from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PricePageRequest")


@_attrs_define
class PricePageRequest:
    """Which rows to read."""

    page_num: int
    """ Which page. """
    page_size: int
    """ Rows for each page. """
    model_description: str | Unset = UNSET
    """ Text to search for. """
    interface_type: str | Unset = UNSET
    """ chat, image, video or music; empty for all. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        page_num = self.page_num

        page_size = self.page_size

        model_description = self.model_description

        interface_type = self.interface_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pageNum": page_num,
                "pageSize": page_size,
            }
        )
        if model_description is not UNSET:
            field_dict["modelDescription"] = model_description
        if interface_type is not UNSET:
            field_dict["interfaceType"] = interface_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        page_num = d.pop("pageNum")

        page_size = d.pop("pageSize")

        model_description = d.pop("modelDescription", UNSET)

        interface_type = d.pop("interfaceType", UNSET)

        price_page_request = cls(
            page_num=page_num,
            page_size=page_size,
            model_description=model_description,
            interface_type=interface_type,
        )

        price_page_request.additional_properties = d
        return price_page_request

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
