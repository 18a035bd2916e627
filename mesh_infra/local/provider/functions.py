"""The data sources of pulumi-aws that a mesh uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mesh_infra.aws.names import partition
from mesh_infra.local.provider.connection import Aws, in_words
from mesh_infra.local.provider.errors import ProviderError
from mesh_infra.local.provider.wire import Values

_DNS_SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}


def invoke(token: str, aws: Aws, arguments: Values) -> Values:
    """The result of a data source; raises ``ProviderError`` for one that the local provider does not know."""
    if token not in _FUNCTIONS:
        raise ProviderError(
            f"data source '{token}' is not supported by the local provider; it knows {', '.join(sorted(_FUNCTIONS))}"
        )
    return _FUNCTIONS[token](aws, arguments)


def _caller_identity(aws: Aws, _: Values) -> Values:
    with in_words("asking who the caller is", aws.clients.endpoint):
        caller = aws.client("sts").get_caller_identity()
    return {
        "accountId": caller["Account"],
        "arn": caller["Arn"],
        "id": caller["Account"],
        "userId": caller["UserId"],
    }


def _region(aws: Aws, arguments: Values) -> Values:
    region = arguments.get("region") or arguments.get("name") or aws.region
    suffix = _DNS_SUFFIXES[partition(region)]
    return {
        "description": region,
        "endpoint": f"ec2.{region}.{suffix}",
        "id": region,
        "name": region,
        "region": region,
    }


def _partition(aws: Aws, _: Values) -> Values:
    name = partition(aws.region)
    suffix = _DNS_SUFFIXES[name]
    return {
        "dnsSuffix": suffix,
        "id": name,
        "partition": name,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


_FUNCTIONS: Mapping[str, Callable[[Aws, Values], Values]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
}
