"""Contains all the data models used in inputs/outputs"""

from .base_64_upload_request import Base64UploadRequest
from .credits_answer import CreditsAnswer
from .download_url_answer import DownloadUrlAnswer
from .download_url_request import DownloadUrlRequest
from .price_count_answer import PriceCountAnswer
from .price_counts import PriceCounts
from .price_page import PricePage
from .price_page_answer import PricePageAnswer
from .price_page_request import PricePageRequest
from .price_row import PriceRow
from .upload_answer import UploadAnswer
from .uploaded_data import UploadedData
from .url_upload_request import UrlUploadRequest

__all__ = (
    "Base64UploadRequest",
    "CreditsAnswer",
    "DownloadUrlAnswer",
    "DownloadUrlRequest",
    "PriceCountAnswer",
    "PriceCounts",
    "PricePage",
    "PricePageAnswer",
    "PricePageRequest",
    "PriceRow",
    "UploadAnswer",
    "UploadedData",
    "UrlUploadRequest",
)
