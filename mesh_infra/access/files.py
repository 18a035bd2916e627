"""Who reads the files of a bucket past Lake Formation, by the policies of the bucket and of its key.

Lake Formation does not stop S3 access that IAM allows. No evaluator of policies: it understands the shapes that
``aws/policies.py`` writes and their like, and says so where it meets another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from mesh_infra.access.model import Doubt
from mesh_infra.aws.lake import LakeBucket
from mesh_infra.aws.lakeformation import IAM_ALLOWED_PRINCIPALS
from mesh_infra.aws.policies import Document

_READING_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion")
_USING_KEYS = ("kms:Decrypt", "kms:ReEncryptFrom", "kms:CreateGrant")
_NOT_THEM = ("ArnNotEquals", "ArnNotLike", "StringNotEquals", "StringNotLike")
_THEM = ("ArnEquals", "ArnLike", "StringEquals", "StringLike")
_WHO = "aws:PrincipalArn"


@dataclass(frozen=True, slots=True)
class FileReaders:
    """Whom the policies let read: ``named`` principals, and ``anyone`` where they leave it to IAM."""

    named: frozenset[str]
    anyone: bool
    doubts: tuple[Doubt, ...] = ()


@dataclass(slots=True)
class _Side:
    """What one of the two policies says so far; ``only`` bounds the named, where there is a bound."""

    what: str
    named: set[str] = field(default_factory=set)
    only: set[str] | None = None
    anyone: bool = False
    doubts: list[Doubt] = field(default_factory=list)

    def refuse(self, statement: Mapping[str, object]) -> None:
        name = statement.get("Sid") or statement.get("Effect") or "?"
        self.doubts.append(Doubt("policy", f"the statement '{name}' in the policy of {self.what} is not understood"))

    def plain(self, arns: Iterable[str], statement: Mapping[str, object]) -> set[str]:
        """The ARNs that stand for one principal each; a pattern is refused."""
        found = set(arns)
        patterns = {arn for arn in found if "*" in arn or "?" in arn}
        if patterns:
            self.refuse(statement)
        return found - patterns


def file_readers(bucket: LakeBucket) -> FileReaders:
    """Who reads the objects of ``bucket``: whom its policy and that of its key both let."""
    files = _bucket_side(bucket)
    key = _key_side(bucket)
    doubts = (*files.doubts, *key.doubts)
    if not key.anyone:
        named = key.named if files.only is None else key.named & files.only
        return FileReaders(frozenset(named), anyone=False, doubts=doubts)
    if files.only is None:
        return FileReaders(frozenset(files.named), anyone=True, doubts=doubts)
    return FileReaders(frozenset(files.only), anyone=False, doubts=doubts)


def _bucket_side(bucket: LakeBucket) -> _Side:
    side = _Side(f"the bucket '{bucket.name}'", anyone=True)
    for statement in _statements(bucket.policy, side):
        if not _touches(statement, _READING_OBJECTS):
            continue
        condition = statement.get("Condition") or {}
        match statement.get("Effect"):
            case "Deny" if condition == {"Bool": {"aws:SecureTransport": "false"}}:
                pass
            case "Deny" if _is_complete(statement, bucket.name) and (them := _named_in(condition, _NOT_THEM)):
                plain = side.plain(them, statement)
                side.only = plain if side.only is None else side.only & plain
            case "Allow" if not condition and _all_objects(statement, bucket.name) and (them := _principals(statement)):
                _allow(side, them, statement)
            case _:
                side.refuse(statement)
    return side


def _key_side(bucket: LakeBucket) -> _Side:
    side = _Side(f"the key of the bucket '{bucket.name}'", anyone=bucket.key_policy is None)
    for statement in _statements(bucket.key_policy, side):
        if not _touches(statement, _USING_KEYS):
            continue
        them = _principals(statement)
        condition, through_s3 = _less_s3(statement.get("Condition") or {})
        if statement.get("Effect") != "Allow" or not them or not through_s3:
            side.refuse(statement)
        elif not condition:
            _allow(side, them, statement)
        elif who := _named_in(condition, _THEM):
            side.named |= side.plain(who, statement)
        else:
            side.refuse(statement)
    return side


def _allow(side: _Side, principals: set[str], statement: Mapping[str, object]) -> None:
    for principal in principals:
        if principal == "*":
            side.named.add(IAM_ALLOWED_PRINCIPALS)
            side.anyone = True
        elif principal.endswith(":root"):
            # A whole account: its IAM decides (IAM, "AWS account principals").
            side.anyone = True
        else:
            side.named |= side.plain((principal,), statement)


def _statements(policy: Document | None, side: _Side) -> list[Mapping[str, object]]:
    if policy is None:
        return []
    written = policy.get("Statement")
    statements = written if isinstance(written, list) else [written]
    understood = [statement for statement in statements if isinstance(statement, Mapping)]
    if len(understood) < len(statements):
        side.refuse({})
    return understood


def _touches(statement: Mapping[str, object], actions: tuple[str, ...]) -> bool:
    """Whether it is, or may be, about any of ``actions``; IAM takes them in upper and lower case."""
    written = _texts(statement.get("Action"))
    return "NotAction" in statement or any(
        fnmatchcase(action.lower(), pattern.lower()) for action in actions for pattern in written
    )


def _is_complete(statement: Mapping[str, object], bucket: str) -> bool:
    """Whether a refusal is about every object, every way to read it, and everybody."""
    reading = all(_touches(statement, (action,)) for action in _READING_OBJECTS)
    return reading and _all_objects(statement, bucket) and _principals(statement) == {"*"}


def _all_objects(statement: Mapping[str, object], bucket: str) -> bool:
    return any(arn == "*" or arn.endswith(f":::{bucket}/*") for arn in _texts(statement.get("Resource")))


def _principals(statement: Mapping[str, object]) -> set[str]:
    """The AWS principals of a statement; none where it names others too, or is written the other way round."""
    principal = statement.get("Principal")
    if principal == "*":
        return {"*"}
    if not isinstance(principal, Mapping) or set(principal) != {"AWS"}:
        return set()
    return set(_texts(principal["AWS"]))


def _named_in(condition: object, operators: tuple[str, ...]) -> set[str]:
    """The ARNs of a condition that is about who asks, and nothing else."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        return set()
    operator, tested = next(iter(condition.items()))
    if operator not in operators or not isinstance(tested, Mapping) or set(tested) != {_WHO}:
        return set()
    return set(_texts(tested[_WHO]))


def _less_s3(condition: object) -> tuple[object, bool]:
    """A key's condition without the part that demands to come through S3, and whether S3 is let through."""
    if not isinstance(condition, Mapping):
        return condition, False
    equal = condition.get("StringEquals")
    if not isinstance(equal, Mapping) or "kms:ViaService" not in equal:
        return condition, True
    services = _texts(equal["kms:ViaService"])
    rest = {name: value for name, value in equal.items() if name != "kms:ViaService"}
    left = {operator: tested for operator, tested in condition.items() if operator != "StringEquals"}
    return left | ({"StringEquals": rest} if rest else {}), any(service.startswith("s3.") for service in services)


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [text for text in values if isinstance(text, str)]
