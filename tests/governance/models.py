"""Small meshes made from the models, for what no YAML can say or where many are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mesh_infra.spec.model import Column, Contract, Domain, Environment, Mesh, Role, Spec
from mesh_infra.spec.source import Source
from mesh_infra.spec.types import DataType

STRING = DataType("string", "string")


def column(name: str, **fields: object) -> Column:
    return Column(**{"name": name, "type": STRING, **fields})


def environment(account: str = "111122223333", **fields: object) -> Environment:
    return Environment(
        prefix="acme-mesh",
        account=account,
        region="eu-west-1",
        deployer=f"arn:aws:iam::{account}:role/mesh-deployer",
        **fields,
    )


def small_mesh(
    columns: Sequence[Column] = (),
    *,
    governance: Mapping[str, object] | None = None,
    of_domain: Mapping[str, object] | None = None,
    roles: Mapping[str, Role] | None = None,
    environments: Mapping[str, Environment] | None = None,
    **contract: object,
) -> Spec:
    """A mesh of one contract in the domain sales; ``governance`` is the organisation's."""
    return Spec(
        mesh=Mesh(
            organization="acme",
            environments=environments or {"dev": environment()},
            roles=roles or {},
            governance=governance or {},
            source=Source("mesh.yaml", ""),
        ),
        domains=(
            Domain(
                domain="sales",
                owner="team-sales@company.com",
                governance=of_domain or {},
                source=Source("domains/sales.yaml", ""),
            ),
        ),
        contracts=(
            Contract(
                **{
                    "domain": "sales",
                    "dataset": "orders",
                    "version": "v1",
                    "owner": "team-sales@company.com",
                    "columns": tuple(columns) or (column("order_id"),),
                    "source": Source("contracts/sales/orders.yaml", ""),
                    **contract,
                }
            ),
        ),
    )
