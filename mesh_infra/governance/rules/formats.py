"""The rules on file formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mesh_infra.aws.engines import COLUMN_PERMISSIONS
from mesh_infra.governance.rule import Context, Order, Rule, Setting, Violation
from mesh_infra.governance.values import one_of, words
from mesh_infra.spec.model import Classification, Contract, Format, Permission
from mesh_infra.spec.problems import listed, quoted

KNOWN_FORMATS = frozenset(known.value for known in Format)
"""What an organisation can allow."""


def _check(context: Context[Contract]) -> Iterator[Violation]:
    written = context.subject.format.value
    allowed = context.words("allowed")
    if allowed and written not in allowed:
        default = "" if context.subject.source.written(("format",)) else ", the default,"
        message = f"the format {quoted(written)}{default} is not allowed here"
        yield Violation(("format",), message, f"use {listed(allowed)}")


def _check_engines(context: Context[Contract]) -> Iterator[Violation]:
    contract, written = context.subject, context.subject.format.value
    lacking = [name for name in context.words("engines") if written not in COLUMN_PERMISSIONS[name]]
    if not lacking or not contract.status.is_served:
        return
    for index, entry in enumerate(contract.access_policy):
        if entry.permission is Permission.READ_MASKED:
            message = f"{listed(lacking, last='and')} {'does' if len(lacking) == 1 else 'do'} not hide columns of "
            fitting = [f.value for f in Format if all(f.value in COLUMN_PERMISSIONS[name] for name in lacking)]
            hint = f"use {listed(fitting)}"
            yield Violation(("access_policy", index, "permission"), f"{message}{quoted(written)} tables", hint)


def _check_shifts(context: Context[Contract]) -> Iterator[Violation]:
    contract = context.subject
    if contract.format is not Format.CSV or (contract.csv and contract.csv.quote) or not contract.status.is_served:
        return
    shifted = _before_a_visible_one(contract, context.spec.mesh.classifications)
    if not shifted:
        return
    for index, entry in enumerate(contract.access_policy):
        if entry.permission is Permission.READ_MASKED:
            message = f"{quoted(entry.role)} may see {quoted(shifted)} in the next column, where it holds the delimiter"
            hint = "give 'csv' a 'quote', put sensitive columns last, or use another format"
            yield Violation(("access_policy", index, "permission"), message, hint)


def _before_a_visible_one(contract: Contract, classifications: Mapping[str, Classification]) -> str:
    """The first sensitive column with one that masked readers see after it in the files; empty where there is none."""
    held = [column for column in contract.columns if column.name not in contract.partition_by]
    sensitive = [column.is_sensitive(classifications) for column in held]
    last_visible = max((place for place, hidden in enumerate(sensitive) if not hidden), default=0)
    return next((column.name for column, hidden in zip(held[:last_visible], sensitive, strict=False) if hidden), "")


FORMATS: Rule[Contract] = Rule(
    name="formats",
    subjects=(Contract,),
    check=_check,
    summary="Datasets have one of the formats that the organisation allows",
    rationale=(
        "Engines honour Lake Formation's column permissions for some formats and not for others, and every further "
        "format is one more that all consumers must read. Without the setting every format is allowed. A contract "
        "that names no format has parquet."
    ),
    example="format: json # with governance: {formats: {allowed: [parquet, delta]}}\n",
    remedy="format: parquet\n",
    settings=(
        Setting("allowed", "the formats that datasets may have", Order.SUBSET, words(one_of(KNOWN_FORMATS, "format"))),
    ),
)

MASKED_ENGINES: Rule[Contract] = Rule(
    name="masked-engines",
    subjects=(Contract,),
    check=_check_engines,
    summary="Datasets with masked readers have formats whose columns all engines in use can hide",
    rationale=(
        "Lake Formation says which columns somebody may see; leaving out the others is the engine's part, and not each "
        "engine does it for every format. The setting 'engines' lists those that consumers query with: athena, "
        "redshift, emr and glue. Without it only Athena is counted on, which does it for all of them."
    ),
    example=(
        "# with governance: {masked-engines: {engines: [athena, emr]}}\n"
        "format: json\naccess_policy:\n  - role: marketing\n    permission: read_masked\n"
    ),
    remedy="format: parquet\naccess_policy:\n  - role: marketing\n    permission: read_masked\n",
    settings=(
        Setting(
            "engines",
            "the engines that consumers query with",
            Order.SUPERSET,
            words(one_of(frozenset(COLUMN_PERMISSIONS), "engine")),
        ),
    ),
)

MASKED_CSV: Rule[Contract] = Rule(
    name="masked-csv",
    subjects=(Contract,),
    check=_check_shifts,
    summary="In csv without quotes, what masked readers may not see cannot slip into a column that they see",
    rationale=(
        "Columns of csv are told apart by their place alone. Without quotes a value that holds the delimiter, such as "
        "'Doe, Jane', is cut in two, and its second half and all that follows it stand one column further: what a "
        "filter hides is then read in a column that it shows. With a quote such a value stays whole (Athena User "
        "Guide, 'Open CSV SerDe for processing CSV'); sensitive columns that come last have no column to slip into."
    ),
    example=(
        "format: csv\nschema:\n  - name: customer\n    type: string\n    pii: true\n  - name: total\n    type: string\n"
        "access_policy:\n  - role: marketing\n    permission: read_masked\n"
    ),
    remedy=(
        "format: csv\ncsv: {quote: '\"'}\nschema:\n  - name: customer\n    type: string\n    pii: true\n"
        "  - name: total\n    type: string\n"
        "access_policy:\n  - role: marketing\n    permission: read_masked\n"
    ),
)
