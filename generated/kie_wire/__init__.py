"""The endpoints of kie.yaml as pure functions, and the types of their answers. Compiled; do not edit."""
