"""Rules that a mesh keeps: set for the organisation in mesh.yaml, made stricter by domains.

An organisation's own rules are made of what stands here: a function from a ``Context`` to ``Violation``s in a ``Rule``.
"""

from __future__ import annotations

from mesh_infra.governance.acceptance import is_current
from mesh_infra.governance.evaluate import Evaluation, evaluate, evaluate_part
from mesh_infra.governance.own import OwnRules, load_own_rules, not_run
from mesh_infra.governance.rule import Context, Level, Order, Problem, Rule, Setting, SettingError, Violation
from mesh_infra.governance.rules import RULES

__all__ = [
    "RULES",
    "Context",
    "Evaluation",
    "Level",
    "Order",
    "OwnRules",
    "Problem",
    "Rule",
    "Setting",
    "SettingError",
    "Violation",
    "evaluate",
    "evaluate_part",
    "is_current",
    "load_own_rules",
    "not_run",
]
