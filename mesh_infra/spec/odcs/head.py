"""What a file of the Open Data Contract Standard must say about itself."""

from __future__ import annotations

from collections.abc import Mapping

from open_data_contract_standard.model import OpenDataContractStandard

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.model import Status
from mesh_infra.spec.odcs.custom import OWN, refuse_protection
from mesh_infra.spec.odcs.document import VERSIONS, OdcsReader
from mesh_infra.spec.problems import did_you_mean, listed, quoted

KIND = "DataContract"

STATUS = {"proposed": Status.DRAFT} | {status.value: status for status in Status}
"""By the standard's status: ours."""

_REQUIRED = {
    "apiVersion": f"write 'apiVersion: {VERSIONS[-1]}'",
    "kind": f"write 'kind: {KIND}'",
    "id": "write one that stays for good, such as a UUID",
    "version": 'write "v1" or "1.0.0"',
    "status": "write 'active', or 'draft' while nobody is to read it",
}
"""What a file must say; the standard requires all of it but, since 3.2, the status, on which all access depends."""


def check_head(reader: OdcsReader, document: OpenDataContractStandard, data: Mapping[str, Yaml], domain: str) -> None:
    """Report what is wrong with the document as a whole, which lies in the folder of ``domain``."""
    for key, hint in _REQUIRED.items():
        if data.get(key) is None:
            reader.missing((), key, f"the file has no {quoted(key)}", hint)
    if document.kind not in (None, KIND):
        message = f"the kind {quoted(document.kind or '')} is no contract"
        reader.report("kind", ("kind",), message, f"write {quoted(KIND)}")
    _check_version(reader, document.apiVersion)
    if document.status is not None and document.status not in STATUS:
        message = f"unknown status {quoted(document.status)}"
        reader.report("status", ("status",), message, did_you_mean(document.status, STATUS))
    if document.domain is not None and document.domain != domain:
        message = f"the contract is of the domain {quoted(document.domain)} and lies in the folder of {quoted(domain)}"
        reader.report("domain", ("domain",), message, f"write {quoted(domain)}, or move the file")
    if not document.schema_:
        reader.missing((), "schema", "the file has no table in its 'schema'", "write at least one")
    _check_protection(reader, document)


def _check_version(reader: OdcsReader, version: str | None) -> None:
    if version is None or version in VERSIONS:
        return
    hint = f"write {quoted('v' + version)}" if f"v{version}" in VERSIONS else f"write {listed(VERSIONS)}"
    message = f"version {quoted(version)} of the Open Data Contract Standard is not supported"
    reader.report("version", ("apiVersion",), message, hint)


def _check_protection(reader: OdcsReader, document: OpenDataContractStandard) -> None:
    for index, server in enumerate(document.servers or ()):
        if server.roles:
            message = "roles of a server are not supported: nobody would be granted anything"
            hint = "write them under 'roles' of the contract"
            reader.report("unsupported", ("servers", index, "roles"), message, hint)
    for index, custom in enumerate(document.customProperties or ()):
        refuse_protection(reader, custom, ("customProperties", index))
        if (custom.property or "").startswith(OWN):
            message = f"{quoted(custom.property or '')} means nothing here"
            hint = "write it under 'customProperties' of a table"
            reader.report("key", ("customProperties", index, "property"), message, hint)
