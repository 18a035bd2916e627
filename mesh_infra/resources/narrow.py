"""Protection first: a filter that is to lose columns loses them before its table changes.

Filters depend on their tables, since a filter can only name columns that exist: so in one ``pulumi up`` the table would
change first, and were that to fail, a column newly declared personal would stay visible. A resource hook ahead of the
table's update cuts the filter down to what it will keep; Pulumi's own update of the filter then adds what is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mesh_infra.errors import AccountNotReady


def narrow_filter(client: Any, wanted: Mapping[str, Any]) -> bool:  # noqa: ANN401 - boto3 makes its clients at run time
    """Take away from a data cells filter the columns that ``wanted`` (its ``tableData``) no longer lists.

    Returns whether anything was taken away. A filter that is not there yet needs nothing. Raises ``AccountNotReady``
    where no column would be left: Lake Formation has no empty filter.
    """
    key = {
        "TableCatalogId": wanted["tableCatalogId"],
        "DatabaseName": wanted["databaseName"],
        "TableName": wanted["tableName"],
        "Name": wanted["name"],
    }
    try:
        current = client.get_data_cells_filter(**key)["DataCellsFilter"]
    except client.exceptions.EntityNotFoundException:
        return False
    listed: Sequence[str] = current.get("ColumnNames") or ()
    kept = sorted(set(listed) & set(wanted["columnNames"]))
    if len(kept) == len(listed) and listed:
        return False
    if not kept:
        raise AccountNotReady(
            f"the filter of {wanted['databaseName']}.{wanted['tableName']} would keep none of its columns",
            "deploy in two steps: first the new columns, then those that go or become sensitive",
        )
    client.update_data_cells_filter(TableData={**key, "ColumnNames": kept, "RowFilter": {"AllRowsWildcard": {}}})
    return True
