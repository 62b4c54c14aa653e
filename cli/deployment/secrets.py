"""`kaohe secrets`: all secrets of an installation, made once, one file each, as processes read them."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

import typer

from cli.texts import EXIT_PRECONDITION, say
from contracts.catalog import SERVICES
from kernel.local.keys import key_pair
from kernel.local.provisioning import Credentials, app_url
from sealing.keylist import trust_list

#: Files in the folder. Its own mode (0700) keeps them from other users of the machine; inside, they are readable so that
#: containers with users of their own can read what is mounted for them, and nothing else.
FILE_MODE = 0o444


def make_secrets(
    folder: Path = typer.Option(..., "--to", help="目标目录 / folder to write them to"),
    seal_origin: str = typer.Option(
        ..., help="封存日志的名称,如 seal.example.gov.cn/county / name of the seal log"
    ),
    postgres: str = typer.Option("postgres:5432", help="数据库地址 / host:port of PostgreSQL"),
    rabbitmq: str = typer.Option("rabbitmq:5672", help="消息代理地址 / host:port of RabbitMQ"),
) -> None:
    """生成一次部署的全部密钥;已有的文件不动 / Make all secrets of an installation; files that exist are left alone.

    kaohe secrets --to ./secrets --seal-origin seal.example.gov.cn/county
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (folder / "kaohe_postgres_password").exists():
        typer.echo(
            say("目录中已有密钥,未作改动", "The folder has secrets already; nothing was changed"), err=True
        )
        raise typer.Exit(EXIT_PRECONDITION)
    for name, content in new_secrets(seal_origin, postgres=postgres, rabbitmq=rabbitmq).items():
        _write(folder / name, content)
    typer.echo(say("密钥已生成", "secrets made"), err=True)


def new_secrets(seal_origin: str, *, postgres: str, rabbitmq: str) -> Mapping[str, str]:
    """File name → content."""
    databases = {name: Credentials(owner=_password(), app=_password()) for name in SERVICES}
    token_private, token_public = key_pair()
    service_keys = {name: key_pair() for name in SERVICES}
    seal_key, _ = key_pair()
    broker = _password()
    return {
        **{
            f"{name}_database_url": app_url(name, given.app, address=postgres)
            for name, given in databases.items()
        },
        "kaohe_database_passwords": json.dumps(
            {name: {"owner": given.owner, "app": given.app} for name, given in databases.items()}
        ),
        "kaohe_rabbit_url": f"amqp://kaohe:{broker}@{rabbitmq}/",
        "rabbitmq_password_conf": f"default_pass = {broker}\n",
        "kaohe_s3_access_key": f"kaohe-{secrets.token_hex(4)}",
        "kaohe_s3_secret_key": _password(),
        "kaohe_token_private_key": token_private,
        "kaohe_token_public_key": token_public,
        **{f"{name}_service_key": private for name, (private, _) in service_keys.items()},
        "kaohe_service_public_keys": json.dumps({name: public for name, (_, public) in service_keys.items()}),
        "kaohe_seal_key": seal_key,
        "kaohe_seal_trust": trust_list(seal_origin, seal_key),
        "grafana_password": _password(),
        "kaohe_postgres_password": _password(),  # last: its presence says that the set is complete
    }


def _password() -> str:
    return secrets.token_urlsafe(32)


def _write(file: Path, content: str) -> None:
    draft = file.with_name(f".{file.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FILE_MODE)
    with os.fdopen(descriptor, "w") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.chmod(FILE_MODE)  # whatever the umask
    draft.replace(file)
