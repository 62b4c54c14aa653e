"""JSON Schema of plan files and facts files, from the shapes that the readers read; a test holds the two together."""

from rules.plan.schema.facts import facts_schema
from rules.plan.schema.plan import plan_schema

__all__ = ["facts_schema", "plan_schema"]
