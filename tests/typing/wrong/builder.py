from kie import compat

compat.request("nano-banana-pro").ratio("16:9")
