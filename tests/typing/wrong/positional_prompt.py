from kie import Kie

Kie("key").run("nano-banana-pro", "A fox")
