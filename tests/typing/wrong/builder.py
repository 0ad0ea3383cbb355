import kie

kie.request("nano-banana-pro").ratio("16:9")
