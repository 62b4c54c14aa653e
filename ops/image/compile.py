"""Bytecode for every module that the platform can load, and for no other: run once, while the image is built.

Of the standard library too, which images of Python bring without any: nothing can be written beside it later. The files carry the hash of their source instead of its time, so that two builds give the same bytes.
"""

import importlib
import pkgutil
import py_compile
import sys

OURS = ("kernel", "contracts", "rules", "sealing", "services", "gateway", "cli")
#: Loaded by name when they are first needed.
LATER = ("sqlalchemy.dialects.postgresql.asyncpg",)
#: For tests, which are not in the image; for an extra, which may be.
NOT_HERE = ("kernel.testing", "kernel.observability.otlp")


def load_everything() -> None:
    for top in OURS:
        package = importlib.import_module(top)
        for found in pkgutil.walk_packages(package.__path__, f"{top}."):
            if not found.name.startswith(NOT_HERE) and not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    for name in LATER:
        importlib.import_module(name)


def main() -> None:
    load_everything()
    for module in tuple(sys.modules.values()):
        source = getattr(module, "__file__", None) or ""
        if source.endswith(".py"):
            py_compile.compile(
                source, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
            )


if __name__ == "__main__":
    main()
