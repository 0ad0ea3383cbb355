from kie import Kie

Kie("key").upload(3)
