"""The engine's events, in the form in which it writes them (pulumi, ``sdk/go/common/apitype/events.go``)."""

from __future__ import annotations

from typing import Any

from pulumi.automation.events import EngineEvent

from mesh_infra.deployment.model import Changes
from mesh_infra.deployment.watch import Watch
from mesh_infra.manifest.stacks import Stack

STACK = Stack("dev.sales", "dev", "sales")
URN = "urn:pulumi:dev.sales::mesh::mesh:index:Domain$aws:s3/bucket:Bucket::sales"
ROOT = "urn:pulumi:dev.sales::mesh::pulumi:pulumi:Stack::mesh-dev.sales"


def watched(*events: dict[str, Any]) -> tuple[Watch, list[str]]:
    told: list[str] = []
    watch = Watch(STACK, lambda _stack, now: told.append(now))
    for number, event in enumerate(events):
        watch(EngineEvent.from_json({"sequence": number, "timestamp": 0, **event}))
    return watch, told


def diagnostic(message: str, urn: str = URN, severity: str = "error") -> dict[str, Any]:
    return {"diagnosticEvent": {"message": message, "color": "raw", "severity": severity, "urn": urn}}


def step(op: str) -> dict[str, Any]:
    metadata = {"op": op, "urn": URN, "type": "aws:s3/bucket:Bucket", "provider": ""}
    return {"resourcePreEvent": {"metadata": metadata}}


def test_errors_name_their_resource_and_have_no_colours() -> None:
    watch, _ = watched(
        diagnostic("<{%fg 1%}>creating: AccessDenied<{%reset%}>\n\n  see the log \n"),
        diagnostic("mesh.yaml:1:1: wrong", ROOT),
        diagnostic("a warning", severity="warning"),
        diagnostic("update failed", ROOT),
    )
    assert watch.errors == ["Bucket sales: creating: AccessDenied", "  see the log", "mesh.yaml:1:1: wrong"]


def test_the_engines_own_last_word_is_an_error_where_it_is_the_only_one() -> None:
    assert watched(diagnostic("update failed", ROOT))[0].errors == ["update failed"]


def test_changes_are_those_of_the_summary() -> None:
    counts = {"create": 1, "update": 2, "replace": 3, "delete": 4, "same": 5}
    summary = {"maybeCorrupt": False, "durationSeconds": 1, "resourceChanges": counts, "PolicyPacks": {}}
    watch, _ = watched({"summaryEvent": summary})
    assert watch.changes == Changes(created=1, updated=2, replaced=3, deleted=4, unchanged=5)


def test_what_is_done_now_is_told_and_what_stays_is_not() -> None:
    assert watched(step("create"), step("same"), step("delete"))[1] == [
        "1: create Bucket sales",
        "2: delete Bucket sales",
    ]
