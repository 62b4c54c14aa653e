"""Makes examples/city from one seed: `python -m examples.generate`. Same seed, same cells."""

import json
from pathlib import Path

from examples import bureau, roster, workbooks

SEED = 20261
CITY = Path(__file__).parent / "city"


def main(folder: Path = CITY) -> None:
    folder.mkdir(exist_ok=True)
    city = bureau.build(SEED)
    wrong = roster.write(city, folder / "roster.xlsx", SEED)
    expected = {"roster": wrong, "units": len(city.units), "officers": len(city.people)}
    text = json.dumps(expected, ensure_ascii=False, indent=2) + "\n"
    (folder / "expected.json").write_text(text, encoding="utf-8")
    workbooks.write(folder)


if __name__ == "__main__":
    main()
