"""Worked figures for every node type: parameters, facts, and what comes out when it is done by hand.

The test of the arithmetic and the mutation test both walk this list: each operator at its bound, each mode, each state.
"""
