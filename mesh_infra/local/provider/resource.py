"""What a resource type is to the provider: create, read, update and delete over boto3."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from mesh_infra.aws.resources import SCHEMAS
from mesh_infra.aws.schema import ResourceSchema
from mesh_infra.local.provider.connection import Aws
from mesh_infra.local.provider.errors import ProviderError
from mesh_infra.local.provider.policies import same_policy
from mesh_infra.local.provider.wire import Values


@dataclass(frozen=True, slots=True)
class Update:
    """A change in place: the outputs so far, the inputs to come, and which of these differ."""

    old: Values
    new: Values
    changed: frozenset[str]


class Resource(ABC):
    """One resource type.

    Inputs are checked, with ``tagsAll`` where the type has tags. boto3's errors pass through: the caller words them.

    ``kind``: its Pulumi type token.
    ``named_by``: the input that pulumi-aws makes up where it is not given, if the type has it.
    ``documents``: inputs that are JSON policies.
    ``kept``: inputs that AWS never hears of, so that the state alone knows them.
    ``unsupported``: inputs of pulumi-aws that the local provider does not know how to provision.
    ``importable``: whether pulumi-aws can import the type.
    """

    kind: ClassVar[str]
    named_by: ClassVar[str] = "name"
    documents: ClassVar[frozenset[str]] = frozenset()
    kept: ClassVar[frozenset[str]] = frozenset()
    unsupported: ClassVar[frozenset[str]] = frozenset()
    importable: ClassVar[bool] = True

    @property
    def schema(self) -> ResourceSchema:
        """The type's inputs and outputs."""
        return SCHEMAS[self.kind]

    def refusals(self, new: Values, old: Values, /) -> Iterator[str]:  # noqa: ARG002 - for subclasses
        """Why the plan refuses ``new``, beyond the schema. ``old`` are the inputs so far, empty for a new resource."""
        yield from ()

    def means_same(self, name: str, one: object, other: object) -> bool:
        """Whether two values of the input ``name`` say the same to AWS, written differently."""
        return name in self.documents and same_policy(one, other)

    @abstractmethod
    def create(self, aws: Aws, inputs: Values, /) -> str:
        """Makes the resource in one call and returns its id."""

    def complete(self, aws: Aws, id_: str, inputs: Values, /) -> None:  # noqa: B027 - most types are made in one call
        """The further calls of a creation: where one of them fails, the resource exists all the same."""

    @abstractmethod
    def read(self, aws: Aws, id_: str, known: Values, /) -> Values | None:
        """The outputs as AWS has them now; None where the resource is gone.

        ``known`` are the outputs so far (after a creation the inputs), empty in an import. Tags stand in ``tagsAll``.
        """

    def update(self, aws: Aws, id_: str, update: Update, /) -> None:  # noqa: ARG002 - for subclasses
        """Changes the resource in place."""
        raise ProviderError(f"{self.kind} '{id_}' doesn't support update; every change of it needs a replacement")

    @abstractmethod
    def delete(self, aws: Aws, id_: str, state: Values, /) -> None:
        """Deletes the resource; one that is gone already is no error. ``state`` are its outputs."""


def id_parts(id_: str, separator: str, *names: str) -> list[str]:
    """The parts of an id such as ``role:name``; raises ``ProviderError`` where it is none (in an import)."""
    parts = id_.split(separator)
    if len(parts) != len(names):
        raise ProviderError(f"'{id_}' is no id of this type; expected {separator.join(names)}")
    return parts
