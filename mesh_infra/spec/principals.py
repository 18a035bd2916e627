"""Accounts, regions and principals as mesh.yaml and domains name them.

Each function takes what YAML holds and returns it, or raises ``RefusedError``. ARNs: IAM user guide, "IAM identifiers"
and "AWS JSON policy elements: Principal".
"""

from __future__ import annotations

import re

from mesh_infra.spec.document import Yaml
from mesh_infra.spec.leaves import in_quotes, text
from mesh_infra.spec.problems import RefusedError, UnfitError, quoted

_IAM = r"arn:aws(?:-[a-z]+)*:iam::(?P<account>[0-9]{12})"
_PATH = r"(?:[\x21-\x7e]*/)?"
_IDENTITY = re.compile(rf"{_IAM}:(?:role|user)/{_PATH}[\w+=,.@-]{{1,64}}", re.ASCII)
_ASSUMED_ROLE = re.compile(r"arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role/([\w+=,.@-]+)/.*", re.ASCII)
_TRUSTED = re.compile(rf"{_IAM}:(?:root|saml-provider/[\w.-]{{1,128}})", re.ASCII)
_OIDC_PROVIDER = re.compile(rf"{_IAM}:oidc-provider/[A-Za-z0-9._/~-]{{1,255}}")
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?")
_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")


def account(value: Yaml) -> str:
    """An account id: twelve digits, as text, because some begin with a zero."""
    if type(value) is str and _ACCOUNT.fullmatch(value):
        return value
    if isinstance(value, str) and value.strip():
        digits = value.replace("-", "").replace(" ", "")
        hint = f'write "{digits}"' if _ACCOUNT.fullmatch(digits) else "an account id has 12 digits"
        raise RefusedError(f"{quoted(value)} is no AWS account id", hint, "account")
    raise UnfitError("text", rule="account", remedy=in_quotes)


def region(value: Yaml) -> str:
    """A region's code, by its shape: AWS opens new ones."""
    code = text(value)
    if _REGION.fullmatch(code):
        return code
    raise RefusedError(f"{quoted(code)} is no AWS region", "write its code, such as eu-west-1", "region")


def identity(value: Yaml) -> str:
    """The ARN of an IAM role or user: a principal that Lake Formation can grant to."""
    arn = text(value)
    if _IDENTITY.fullmatch(arn) and "*" not in arn and "?" not in arn:
        return arn
    if assumed := _ASSUMED_ROLE.fullmatch(arn):
        partition, owner, role = assumed.groups()
        hint = f"name the role itself: arn:{partition}:iam::{owner}:role/{role}"
        raise RefusedError(f"{quoted(arn)} is the session of a role", hint, "principal")
    hint = "write arn:aws:iam::111122223333:role/name"
    rule = "public-role" if _wild(arn) else "principal"
    raise RefusedError(f"{quoted(arn)} is not the ARN of an IAM role or user", hint, rule)


def account_of(arn: str) -> str:
    """The account in an IAM ARN."""
    return arn.split(":")[4]


def trusted(value: Yaml) -> str:
    """Who may assume a role, where it is one text: an ARN, an account id, a SAML provider's ARN or a service."""
    if not isinstance(value, str) or not value.strip():
        expected = "an ARN, an account id, a service or a mapping of 'oidc' and 'subject'"
        raise UnfitError(expected, rule="trust", remedy=in_quotes)
    name = text(value)
    if any(pattern.fullmatch(name) for pattern in (_IDENTITY, _TRUSTED, _ACCOUNT, _SERVICE)) and not _wild(name):
        return name
    if _OIDC_PROVIDER.fullmatch(name):
        hint = f'write {{oidc: "{name}", subject: "…"}}'
        raise RefusedError("an OpenID Connect provider cannot be trusted without a subject", hint, "public-role")
    if _wild(name):
        raise RefusedError(f"{quoted(name)} would trust everybody who fits it", "name whom you mean", "public-role")
    hint = "name an IAM ARN, an account id, a SAML provider's ARN or a service such as glue.amazonaws.com"
    raise RefusedError(f"{quoted(name)} is nobody that a role can trust", hint, "trust")


def oidc_provider(value: Yaml) -> str:
    """The ARN of an OpenID Connect provider in IAM."""
    arn = text(value)
    if _OIDC_PROVIDER.fullmatch(arn):
        return arn
    host = arn.removeprefix("https://").rstrip("/")
    hint = f"write arn:aws:iam::111122223333:oidc-provider/{host if _is_host(host) else '…'}, with your account"
    raise RefusedError(f"{quoted(arn)} is not the ARN of an OpenID Connect provider", hint, "trust")


def oidc_subject(value: Yaml) -> str:
    """A subject, with ``*`` and ``?`` as wildcards; one made of wildcards alone would be everybody."""
    subject = text(value)
    if subject.strip("*?:/ "):
        return subject
    message = f"the subject {quoted(subject)} would trust everybody at the provider"
    raise RefusedError(message, "write the subject you mean, such as repo:acme/mesh:ref:refs/heads/main", "public-role")


def _wild(name: str) -> bool:
    return "*" in name or "?" in name


def _is_host(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9.-]+(?:/[A-Za-z0-9._/-]+)?", name) is not None
