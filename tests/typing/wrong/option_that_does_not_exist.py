from kie import Kie

Kie("key", proxy="http://localhost")
