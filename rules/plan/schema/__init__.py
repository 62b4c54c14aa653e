"""JSON Schema of plan files, facts files and worked examples, from the shapes that the readers read; a test holds the two together."""

from rules.plan.schema.expected import expected_schema
from rules.plan.schema.facts import facts_schema
from rules.plan.schema.plan import plan_schema

__all__ = ["expected_schema", "facts_schema", "plan_schema"]
