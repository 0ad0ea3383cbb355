"""Client: what the vendor says of its models, asynchronously, made by `make generate` from codegen/templates/clients. Thin: what happens is in `_tasks.vendor`."""

from __future__ import annotations

from kie._core.json import JSONObject
from kie._flow.context import Context
from kie._io.aio import AsyncDriver
from kie._tasks import vendor
from kie._tasks.vendor import SuccessRate, VendorModel


class AsyncVendor:
    """What the vendor itself says about its models today: `client.vendor`. All of it is free.

    The service answers one of these requests per second (source: recorded answers of 2026-10-01 and the vendor's own
    tools); the client spreads more over time. `kie.catalog` is what this package knows, with rules that were checked.
    """

    def __init__(self, driver: AsyncDriver, ctx: Context) -> None:
        self._driver = driver
        self._ctx = ctx

    async def models(self, search: str = "", *, task_type: str = "", provider: str = "") -> list[VendorModel]:
        """List the models of the Market.

        Args:
            search: Only models that the service finds by this text.
            task_type: Only models of this kind, in the vendor's words, such as `Text to Video`.
            provider: Only models of this maker, in the vendor's spelling.

        Returns:
            The models, in the service's order. Language models are among them.

        Raises:
            ResultInvalid: The answer contains no list.
            ApiError: The service refused.
            TransportFailed: No answer came.
        """
        return await self._driver.drive(vendor.models(self._ctx, search, task_type, provider))

    async def schema(self, model: str) -> JSONObject | None:
        """Read what the vendor documents about a model.

        Args:
            model: The id on the wire, such as `wan/3-0-video`.

        Returns:
            An OpenAPI document as the vendor wrote it, faults included; None if it has none for this model.

        Raises:
            ConfigError: The id is not valid; nothing was sent.
            ApiError: The service refused; with code 404 it does not know the model.
            TransportFailed: No answer came.
        """
        return await self._driver.drive(vendor.schema(self._ctx, model))

    async def price_text(self, model: str) -> str | None:
        """Read what a model costs, in the vendor's words.

        Args:
            model: The id on the wire.

        Returns:
            The text; None if the vendor says nothing.

        Raises:
            ConfigError: The id is not valid; nothing was sent.
            ApiError: The service refused; with code 404 it does not know the model.
            TransportFailed: No answer came.
        """
        return await self._driver.drive(vendor.price_text(self._ctx, model))

    async def success_rate(self, model: str) -> list[SuccessRate]:
        """Read how many tasks of a model succeeded in the last 24 hours.

        Args:
            model: The id on the wire.

        Returns:
            Intervals of about ten minutes, oldest first.

        Raises:
            ConfigError: The id is not valid; nothing was sent.
            ResultInvalid: The answer cannot be read.
            ApiError: The service refused; with code 404 it does not know the model.
            TransportFailed: No answer came.
        """
        return await self._driver.drive(vendor.success_rate(self._ctx, model))

    async def announcements(self, page: int = 1, *, size: int = 20) -> list[JSONObject]:
        """Read a page of the vendor's change log. It needs no key.

        Args:
            page: Number of the page; the first is 1.
            size: How many entries a page has; at least 1.

        Returns:
            The entries as the service sends them. Their form is not documented.

        Raises:
            ResultInvalid: The answer contains no entries.
            ApiError: The service refused; it may answer code 4030 in some regions.
            TransportFailed: No answer came.
        """
        return await self._driver.drive(vendor.announcements(self._ctx, page, size))
