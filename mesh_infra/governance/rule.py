"""What a rule is: built in or an organisation's own, they are all values of one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any, Generic, TypeVar

from mesh_infra.findings import Severity
from mesh_infra.governance.principals import Principals
from mesh_infra.spec.model import Contract, Domain, Mesh, Spec
from mesh_infra.spec.source import Loc

Subject = Mesh | Domain | Contract
"""What rules look at: one file of the mesh at a time."""

S = TypeVar("S", bound=Subject)

SettingValue = int | tuple[str, ...]
"""What a setting can hold."""


class Level(IntEnum):
    """How a rule is switched, in the order of strictness."""

    OFF = 0
    WARNING = 1
    ERROR = 2

    @property
    def word(self) -> str:
        """As it is written in YAML."""
        return self.name.lower()


class Order(Enum):
    """How to tell that a domain's value of a setting is at least as strict as its organisation's."""

    SUBSET = "a subset of"
    SUPERSET = "a superset of"
    AT_MOST = "at most"
    AT_LEAST = "at least"

    def holds(self, own: SettingValue, organization: SettingValue) -> bool:
        """Whether ``own`` is as strict as ``organization`` or stricter; both as the setting's ``read`` gave them."""
        match self, own, organization:
            case Order.SUBSET, tuple(), tuple():
                return set(own) <= set(organization)
            case Order.SUPERSET, tuple(), tuple():
                return set(own) >= set(organization)
            case Order.AT_MOST, int(), int():
                return own <= organization
            case Order.AT_LEAST, int(), int():
                return own >= organization
            case _:
                raise TypeError(f"{self} does not compare {own!r} with {organization!r}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value: ``message`` completes "'allowed' …", ``loc`` leads to the offending part of it."""

    message: str
    hint: str = ""
    loc: Loc = ()


class SettingError(ValueError):
    """A value that a setting does not take, with all that is wrong with it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that adjusts a rule.

    ``read`` makes the value out of what YAML holds and raises ``SettingError``. A setting that nobody wrote has its
    ``default``; without one it has no value and restricts nothing. ``names_roles``: its words are roles of the mesh,
    which is checked.
    """

    name: str
    summary: str
    order: Order
    read: Callable[[object], SettingValue]
    default: SettingValue | None = None
    names_roles: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that a rule found, at ``loc`` of the file that it looked at.

    ``at_key``: at the key that leads there, not at the value. ``at_most``: the highest severity that it can be worth,
    whatever the rule's own is.
    """

    loc: Loc
    message: str
    hint: str = ""
    at_most: Severity = Severity.ERROR
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Context(Generic[S]):
    """What a rule may look at: ``subject`` is the file it judges, ``spec`` everything around it.

    ``settings`` holds those that are set for this subject; ``principals`` who the roles are on AWS.
    """

    subject: S
    spec: Spec
    settings: Mapping[str, SettingValue]
    principals: Principals

    def words(self, setting: str) -> tuple[str, ...]:
        """The value of a setting that is a list of words; empty where nobody set it."""
        value = self.settings.get(setting, ())
        if not isinstance(value, tuple):
            raise TypeError(f"setting {setting!r} holds {value!r}, no list")
        return value


Check = Callable[[Context[S]], Iterable[Violation]]


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """A rule: what it is called, how it can be set, and the one function that checks it.

    ``check`` is called once for each file of the kinds in ``subjects``, with nothing but that file's context: it must
    be a function of it. Of contracts a built-in rule looks at the one alone that it judges, and a rule over mesh.yaml
    or domains at ``spec.outlines``: what was found is kept as long as these stay (``mesh_infra.survey``). ``fixed``
    gives the reason why the rule is always an error; empty where it can be lowered.
    ``needs_all``: it judges by what other files do *not* say, so it waits until all of them can be read.
    ``summary``, ``rationale``, ``example`` and ``remedy`` are what people read about it.
    """

    name: str
    subjects: tuple[type[S], ...]
    check: Check[S]
    summary: str
    rationale: str
    example: str
    remedy: str
    level: Level = Level.ERROR
    fixed: str = ""
    needs_all: bool = False
    settings: tuple[Setting, ...] = ()


AnyRule = Rule[Any]  # Any: a collection holds rules over different subjects, and each is given only its own.
