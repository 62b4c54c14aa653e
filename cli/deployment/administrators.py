"""`kaohe administrators`: the ceremony of the first start, once an installation has databases."""

import asyncio
import json

import typer

from cli.texts import EXIT_PRECONDITION, say


def first_administrators(
    code: str = typer.Option(..., help="本局代码 / code of the bureau"),
    name: str = typer.Option(..., help="本局名称 / name of the bureau"),
) -> None:
    """建立本局和三名管理员,一次性口令只显示这一次 / Make the bureau and its three administrators; passwords are shown once.

    kaohe administrators --code JZ --name 江州市公安局
    """
    made = asyncio.run(_make(code, name))
    if not made:
        typer.echo(say("已有账号,未作改动", "There are accounts already; nothing was changed"), err=True)
        raise typer.Exit(EXIT_PRECONDITION)
    print(json.dumps(made, ensure_ascii=False, indent=1))


async def _make(code: str, name: str) -> dict[str, dict[str, str]]:
    from cli.first_start import first_start  # noqa: PLC0415 -- `--help` need not load the platform
    from cli.manifests import load  # noqa: PLC0415
    from kernel.lifecycle import make_runtime  # noqa: PLC0415

    org = load("org")
    runtime = make_runtime(org, org.settings.read())
    try:
        return await first_start({"org": runtime}, [org], root_code=code, root_name=name)
    finally:
        await runtime.db.engine.dispose()
