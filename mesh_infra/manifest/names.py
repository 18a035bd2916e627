"""The names of a mesh on AWS: the interface between its stacks, and permanent once deployed."""

from __future__ import annotations

from dataclasses import dataclass

from mesh_infra.aws.policies import Account
from mesh_infra.spec.model import Contract, Environment


@dataclass(frozen=True, slots=True)
class Names:
    """Composes every AWS name of one environment; the only place that does."""

    environment: Environment

    @property
    def account(self) -> Account:
        """The account and region that ARNs are made of."""
        return Account(self.environment.account, self.environment.region)

    def bucket(self, domain: str) -> str:
        """Bucket of a domain's data."""
        return f"{self.environment.prefix}-{_dashed(domain)}-{self.environment.account}"

    def results_bucket(self) -> str:
        """Bucket of all query results."""
        return f"{self.environment.prefix}-results-{self.environment.account}"

    def prefix(self, contract: Contract) -> str:
        """Where a dataset's files lie in its domain's bucket."""
        return f"{contract.dataset}/v{contract.major}/"

    def location(self, contract: Contract) -> str:
        """The S3 URI of a dataset's files."""
        return f"s3://{self.bucket(contract.domain)}/{self.prefix(contract)}"

    def database(self, domain: str) -> str:
        """Glue database of a domain; with ``*``, the pattern of all of them."""
        return f"{self.environment.prefix.replace('-', '_')}_{domain}"

    def table(self, contract: Contract) -> str:
        """Glue table of a dataset's major version."""
        return f"{contract.dataset}_v{contract.major}"

    def key_alias(self, domain: str) -> str:
        """Alias of a domain's KMS key."""
        return f"alias/{self.environment.prefix}/{domain}"

    def results_key_alias(self) -> str:
        """Alias of the KMS key of query results. A domain cannot be called so: names have no ``-``."""
        return f"alias/{self.environment.prefix}/query-results"

    def role(self, role: str) -> str:
        """IAM role, and for a consumer also the Athena workgroup."""
        return f"{self.environment.prefix}-{_dashed(role)}"

    def registration_role(self, domain: str) -> str:
        """IAM role through which Lake Formation reads a domain's bucket."""
        return f"{self.environment.prefix}-{_dashed(domain)}-lakeformation"


def _dashed(name: str) -> str:
    return name.replace("_", "-")
