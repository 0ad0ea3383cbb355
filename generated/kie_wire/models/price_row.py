from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="PriceRow")


@_attrs_define
class PriceRow:
    """What one variant of a model costs."""

    model_description: None | str | Unset = UNSET
    """ Model and variant. """
    interface_type: None | str | Unset = UNSET
    """ Kind of model. """
    provider: None | str | Unset = UNSET
    """ Who made the model. """
    credit_price: None | str | Unset = UNSET
    """ Credits per unit. """
    credit_unit: None | str | Unset = UNSET
    """ What the price is for. """
    usd_price: None | str | Unset = UNSET
    """ The same in US dollars. """
    fal_price: float | None | str | Unset = UNSET
    """ US dollars for the same at fal.ai. """
    discount_rate: float | None | str | Unset = UNSET
    """ How much cheaper that makes it in percent. """
    discount_price: bool | None | Unset = UNSET
    """ Whether the row is marked as a discount. """
    anchor: None | str | Unset = UNSET
    """ Page of the model. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        model_description: None | str | Unset
        if isinstance(self.model_description, Unset):
            model_description = UNSET
        else:
            model_description = self.model_description

        interface_type: None | str | Unset
        if isinstance(self.interface_type, Unset):
            interface_type = UNSET
        else:
            interface_type = self.interface_type

        provider: None | str | Unset
        if isinstance(self.provider, Unset):
            provider = UNSET
        else:
            provider = self.provider

        credit_price: None | str | Unset
        if isinstance(self.credit_price, Unset):
            credit_price = UNSET
        else:
            credit_price = self.credit_price

        credit_unit: None | str | Unset
        if isinstance(self.credit_unit, Unset):
            credit_unit = UNSET
        else:
            credit_unit = self.credit_unit

        usd_price: None | str | Unset
        if isinstance(self.usd_price, Unset):
            usd_price = UNSET
        else:
            usd_price = self.usd_price

        fal_price: float | None | str | Unset
        if isinstance(self.fal_price, Unset):
            fal_price = UNSET
        else:
            fal_price = self.fal_price

        discount_rate: float | None | str | Unset
        if isinstance(self.discount_rate, Unset):
            discount_rate = UNSET
        else:
            discount_rate = self.discount_rate

        discount_price: bool | None | Unset
        if isinstance(self.discount_price, Unset):
            discount_price = UNSET
        else:
            discount_price = self.discount_price

        anchor: None | str | Unset
        if isinstance(self.anchor, Unset):
            anchor = UNSET
        else:
            anchor = self.anchor

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if model_description is not UNSET:
            field_dict["modelDescription"] = model_description
        if interface_type is not UNSET:
            field_dict["interfaceType"] = interface_type
        if provider is not UNSET:
            field_dict["provider"] = provider
        if credit_price is not UNSET:
            field_dict["creditPrice"] = credit_price
        if credit_unit is not UNSET:
            field_dict["creditUnit"] = credit_unit
        if usd_price is not UNSET:
            field_dict["usdPrice"] = usd_price
        if fal_price is not UNSET:
            field_dict["falPrice"] = fal_price
        if discount_rate is not UNSET:
            field_dict["discountRate"] = discount_rate
        if discount_price is not UNSET:
            field_dict["discountPrice"] = discount_price
        if anchor is not UNSET:
            field_dict["anchor"] = anchor

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_model_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        model_description = _parse_model_description(d.pop("modelDescription", UNSET))

        def _parse_interface_type(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        interface_type = _parse_interface_type(d.pop("interfaceType", UNSET))

        def _parse_provider(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        provider = _parse_provider(d.pop("provider", UNSET))

        def _parse_credit_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        credit_price = _parse_credit_price(d.pop("creditPrice", UNSET))

        def _parse_credit_unit(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        credit_unit = _parse_credit_unit(d.pop("creditUnit", UNSET))

        def _parse_usd_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        usd_price = _parse_usd_price(d.pop("usdPrice", UNSET))

        def _parse_fal_price(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        fal_price = _parse_fal_price(d.pop("falPrice", UNSET))

        def _parse_discount_rate(data: object) -> float | None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | str | Unset, data)

        discount_rate = _parse_discount_rate(d.pop("discountRate", UNSET))

        def _parse_discount_price(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        discount_price = _parse_discount_price(d.pop("discountPrice", UNSET))

        def _parse_anchor(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        anchor = _parse_anchor(d.pop("anchor", UNSET))

        price_row = cls(
            model_description=model_description,
            interface_type=interface_type,
            provider=provider,
            credit_price=credit_price,
            credit_unit=credit_unit,
            usd_price=usd_price,
            fal_price=fal_price,
            discount_rate=discount_rate,
            discount_price=discount_price,
            anchor=anchor,
        )

        price_row.additional_properties = d
        return price_row

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
