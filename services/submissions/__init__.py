"""Submissions: work with its evidence, its review by the competent line, decision notices, appeals."""
