"""Rules that a mesh keeps: set for the organisation in mesh.yaml, made stricter by domains."""

from __future__ import annotations

from mesh_infra.governance.evaluate import evaluate
from mesh_infra.governance.rule import Context, Level, Order, Problem, Rule, Setting, SettingError, Violation
from mesh_infra.governance.rules import RULES

__all__ = ["RULES", "Context", "Level", "Order", "Problem", "Rule", "Setting", "SettingError", "Violation", "evaluate"]
