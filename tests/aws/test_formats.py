"""How Glue describes each format, and what the documentation says about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mesh_infra.aws.engines import COLUMN_PERMISSIONS
from mesh_infra.aws.formats import FORMATS, CsvLayout, table_format
from mesh_infra.spec.model import TABLE_FORMATS, Format

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


def _table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_every_format_is_known_to_all() -> None:
    assert set(FORMATS) == set(Format)
    assert {name for name, found in FORMATS.items() if found.log_structured} == TABLE_FORMATS
    for engine, formats in COLUMN_PERMISSIONS.items():
        assert formats <= set(Format), engine


@pytest.mark.parametrize("name", [name for name in Format if not FORMATS[name].open_table])
def test_what_glue_does_not_make_itself_has_a_serde_and_formats(name: str) -> None:
    found = table_format(name)
    assert found.serde
    assert found.input_format
    assert found.output_format
    assert found.parameters["classification"] == name
    assert not any("schema.literal" in key for key in (*found.parameters, *found.serde_parameters))


def test_the_serde_of_csv_goes_by_whether_values_are_enclosed() -> None:
    plain, quoted = table_format("csv", CsvLayout(";")), table_format("csv", CsvLayout(";", header=True, quote="'"))
    assert plain.serde.endswith("LazySimpleSerDe")
    assert plain.serde_parameters == {"field.delim": ";", "serialization.format": ";"}
    assert "skip.header.line.count" not in plain.parameters
    assert quoted.serde.endswith("OpenCSVSerde")
    assert quoted.serde_parameters == {"escapeChar": "\\", "quoteChar": "'", "separatorChar": ";"}
    assert quoted.parameters["skip.header.line.count"] == "1"
    assert table_format("csv") == table_format("csv", CsvLayout(","))


def test_the_page_says_of_each_engine_what_the_rule_goes_by() -> None:
    header, _, *rows = _table("Engines that hide columns")
    engines = {"Athena SQL": "athena", "Redshift Spectrum": "redshift", "Spark": "emr", "Glue": "glue"}
    columns = [next(engines[words] for words in engines if title.startswith(words)) for title in header[1:]]
    said = {
        engine: {row[0].strip("`") for row in rows if row[index] == "yes"} for index, engine in enumerate(columns, 1)
    }
    assert said == COLUMN_PERMISSIONS
    assert [row[0].strip("`") for row in rows] == list(Format)
