"""The tables of errands, described for statements; they are made by `kernel.errands.ddl`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

_WEB = MetaData(schema="web")

ERRAND = Table(
    "errand",
    _WEB,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text),
    Column("owner_id", Uuid),
    Column("owner", JSONB),
    Column("headers", JSONB),
    Column("asked", JSONB),
    Column("state", Text),
    Column("cancel_asked", Boolean),
    Column("step", Text),
    Column("done", BigInteger),
    Column("total", BigInteger),
    Column("mark", JSONB),
    Column("result", JSONB(none_as_null=True)),
    Column("problem", JSONB(none_as_null=True)),
    Column("attempts", Integer),
    Column("claim", Uuid),
    Column("beat_at", DateTime(timezone=True)),
    Column("due_at", DateTime(timezone=True)),
    Column("asked_at", DateTime(timezone=True)),
    Column("started_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
)

FILE = Table(
    "errand_file",
    _WEB,
    Column("errand_id", Uuid, primary_key=True),
    Column("name", Text),
    Column("media_type", Text),
    Column("content", LargeBinary),
    Column("once", Boolean),
    Column("expires_at", DateTime(timezone=True)),
)
