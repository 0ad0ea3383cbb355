from kie import catalog

catalog.models(kind="images")
