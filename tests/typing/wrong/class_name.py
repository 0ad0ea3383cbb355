from kie.models import NanoBananaProo  # noqa: F401
