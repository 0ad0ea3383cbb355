from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_result_result_object_layers_data_item import TaskResultResultObjectLayersDataItem
    from ..models.task_result_result_object_segments_item import TaskResultResultObjectSegmentsItem


T = TypeVar("T", bound="TaskResultResultObject")


@_attrs_define
class TaskResultResultObject:
    """Whatever else the model returns."""

    segments: list[TaskResultResultObjectSegmentsItem] | Unset = UNSET
    """ The parts of an image, counted from 0. """
    layers_data: list[TaskResultResultObjectLayersDataItem] | Unset = UNSET
    """ The background of an image and its layers. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        segments: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.segments, Unset):
            segments = []
            for segments_item_data in self.segments:
                segments_item = segments_item_data.to_dict()
                segments.append(segments_item)

        layers_data: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.layers_data, Unset):
            layers_data = []
            for layers_data_item_data in self.layers_data:
                layers_data_item = layers_data_item_data.to_dict()
                layers_data.append(layers_data_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if segments is not UNSET:
            field_dict["segments"] = segments
        if layers_data is not UNSET:
            field_dict["layers_data"] = layers_data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.task_result_result_object_layers_data_item import TaskResultResultObjectLayersDataItem  # noqa: PLC0415
        from ..models.task_result_result_object_segments_item import TaskResultResultObjectSegmentsItem  # noqa: PLC0415

        d = dict(src_dict)
        _segments = d.pop("segments", UNSET)
        segments: list[TaskResultResultObjectSegmentsItem] | Unset = UNSET
        if _segments is not UNSET:
            segments = []
            for segments_item_data in _segments:
                segments_item = TaskResultResultObjectSegmentsItem.from_dict(segments_item_data)

                segments.append(segments_item)

        _layers_data = d.pop("layers_data", UNSET)
        layers_data: list[TaskResultResultObjectLayersDataItem] | Unset = UNSET
        if _layers_data is not UNSET:
            layers_data = []
            for layers_data_item_data in _layers_data:
                layers_data_item = TaskResultResultObjectLayersDataItem.from_dict(layers_data_item_data)

                layers_data.append(layers_data_item)

        task_result_result_object = cls(
            segments=segments,
            layers_data=layers_data,
        )

        task_result_result_object.additional_properties = d
        return task_result_result_object

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
