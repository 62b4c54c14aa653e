"""The services of this distribution, loaded when they are needed."""

from importlib import import_module

from contracts.catalog import SERVICES
from kernel.service import Service


def load(name: str) -> Service:
    """The manifest of a service; KeyError for a name that is none."""
    if name not in SERVICES:
        raise KeyError(name)
    service: Service = import_module(f"services.{name}.manifest").service
    return service


def load_all() -> list[Service]:
    return [load(name) for name in SERVICES]
