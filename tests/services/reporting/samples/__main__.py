"""`make samples`: plays the year, draws up the bulletins, and writes them into docs/samples."""

import asyncio
import json
import tempfile
from pathlib import Path

from kernel.local.objectstore import ObjectStore
from kernel.local.postgres import PostgresServer
from kernel.testing.databases import Databases
from services.reporting.domain.report import BulletinKind, Report
from tests.services.reporting.samples.papers import OUT, docx_of, pdf_of, xlsx_of
from tests.services.reporting.samples.play import report, year


async def make(server: PostgresServer, store: ObjectStore) -> dict[BulletinKind, Report]:
    async with year(Databases(server), store) as played:
        rows = await played.bulletins()
        for kind, row in rows.items():
            if not await played.made_anew(row):
                raise SystemExit(f"{kind}: not the same figures from its seal")
        return {kind: report(row) for kind, row in rows.items()}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kaohe-samples-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "pg").mkdir()
        (home / "s3").mkdir()
        server = PostgresServer(home / "pg", log=home / "postgres.log", durable=False)
        store = ObjectStore(home / "s3", log=home / "s3.log")
        server.start()
        store.start()
        try:
            found = asyncio.run(make(server, store))
        finally:
            store.stop()
            server.stop()
    OUT.mkdir(parents=True, exist_ok=True)
    for kind, made in found.items():
        data = json.dumps(made.to_data(), ensure_ascii=False, indent=1)
        (OUT / f"{kind}.json").write_text(data + "\n", encoding="utf-8")
        for form, paper in (("pdf", pdf_of), ("docx", docx_of), ("xlsx", xlsx_of)):
            (OUT / f"{kind}.{form}").write_bytes(paper(kind, made))


if __name__ == "__main__":
    main()
