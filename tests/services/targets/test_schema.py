from kernel.db.migrations import differences
from services.targets.tables import Base
from tests.services.targets.bureau import Bureau


async def test_the_migrations_make_exactly_the_tables_that_the_rows_describe(bureau: Bureau):
    assert await differences(Base.metadata, bureau.platform.owner_urls["targets"]) == []
