"""The command `kaohe`: every way to start, migrate, check and document the platform."""

import typer

from cli import database, documents, evaluate, events, keys, rebuild, run, seal, serve
from cli.bundle import command as bundle
from cli.deployment import objects
from cli.deployment.administrators import first_administrators
from cli.deployment.prove import prove
from cli.deployment.provision import provision_all
from cli.deployment.secrets import make_secrets
from cli.rehearsal import command as rehearsal
from kernel.version import VERSION

app = typer.Typer(
    name="kaohe",
    help="考核平台 Kaohe.  e.g. `kaohe run` starts a whole platform here; `kaohe serve org --role api` one process of it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run")(run.run)
app.command("serve")(serve.serve)
app.command("migrate")(database.migrate)
app.command("secrets")(make_secrets)
app.command("provision")(provision_all)
app.command("administrators")(first_administrators)
app.command("prove")(prove)
app.command("migration")(database.migration)
app.command("rebuild")(rebuild.rebuild)
app.command("documents")(documents.documents)
app.command("rehearse")(rehearsal.rehearse)
app.command("evaluate")(evaluate.evaluate_plan)
app.command("verify")(seal.verify_receipt)
app.command("verify-bundle")(bundle.verify_bundle_file)
app.add_typer(events.app, name="events")
app.add_typer(objects.app, name="objects")
app.add_typer(seal.app, name="witness")
app.add_typer(keys.app, name="keys")


def _version(show: bool) -> None:
    if show:
        print(VERSION)
        raise typer.Exit


@app.callback()
def main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="打印版本 / print the version"
    ),
) -> None:
    del version


if __name__ == "__main__":
    app()
