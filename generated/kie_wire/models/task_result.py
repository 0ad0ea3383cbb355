from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_result_data_item import TaskResultDataItem
    from ..models.task_result_result_object import TaskResultResultObject


T = TypeVar("T", bound="TaskResult")


@_attrs_define
class TaskResult:
    """What a task of the Market made."""

    result_urls: list[str] | Unset = UNSET
    """ The result files. """
    first_frame_url: list[str] | Unset = UNSET
    """ First frames. """
    last_frame_url: list[str] | Unset = UNSET
    """ Last frames. """
    data: list[TaskResultDataItem] | Unset = UNSET
    """ The tracks of a piece of music. """
    result_object: TaskResultResultObject | Unset = UNSET
    """ Whatever else the model returns. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        result_urls: list[str] | Unset = UNSET
        if not isinstance(self.result_urls, Unset):
            result_urls = self.result_urls

        first_frame_url: list[str] | Unset = UNSET
        if not isinstance(self.first_frame_url, Unset):
            first_frame_url = self.first_frame_url

        last_frame_url: list[str] | Unset = UNSET
        if not isinstance(self.last_frame_url, Unset):
            last_frame_url = self.last_frame_url

        data: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = []
            for data_item_data in self.data:
                data_item = data_item_data.to_dict()
                data.append(data_item)

        result_object: dict[str, Any] | Unset = UNSET
        if not isinstance(self.result_object, Unset):
            result_object = self.result_object.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if result_urls is not UNSET:
            field_dict["resultUrls"] = result_urls
        if first_frame_url is not UNSET:
            field_dict["firstFrameUrl"] = first_frame_url
        if last_frame_url is not UNSET:
            field_dict["lastFrameUrl"] = last_frame_url
        if data is not UNSET:
            field_dict["data"] = data
        if result_object is not UNSET:
            field_dict["resultObject"] = result_object

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.task_result_data_item import TaskResultDataItem  # noqa: PLC0415
        from ..models.task_result_result_object import TaskResultResultObject  # noqa: PLC0415

        d = dict(src_dict)
        result_urls = cast(list[str], d.pop("resultUrls", UNSET))

        first_frame_url = cast(list[str], d.pop("firstFrameUrl", UNSET))

        last_frame_url = cast(list[str], d.pop("lastFrameUrl", UNSET))

        _data = d.pop("data", UNSET)
        data: list[TaskResultDataItem] | Unset = UNSET
        if _data is not UNSET:
            data = []
            for data_item_data in _data:
                data_item = TaskResultDataItem.from_dict(data_item_data)

                data.append(data_item)

        _result_object = d.pop("resultObject", UNSET)
        result_object: TaskResultResultObject | Unset
        if isinstance(_result_object, Unset):
            result_object = UNSET
        else:
            result_object = TaskResultResultObject.from_dict(_result_object)

        task_result = cls(
            result_urls=result_urls,
            first_frame_url=first_frame_url,
            last_frame_url=last_frame_url,
            data=data,
            result_object=result_object,
        )

        task_result.additional_properties = d
        return task_result

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
