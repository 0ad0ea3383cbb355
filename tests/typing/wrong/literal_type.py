"""A value that is not of the type of the field."""

from kie.models import NanoBananaPro

ratio: NanoBananaPro.AspectRatio = "10:16"
