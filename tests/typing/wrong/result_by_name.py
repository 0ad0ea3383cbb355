from kie import ImageResult, Kie

result: ImageResult = Kie("key").run("nano-banana-pro", prompt="A fox")
