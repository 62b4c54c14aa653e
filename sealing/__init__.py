"""The seal of a period: statements, trees, the seal log and receipts that anybody can verify offline. Pure.

Needs the standard library and `cryptography` (Ed25519, SM3); knows no database, no clock and no other package of the
platform. `sealing/standalone/` verifies the same receipts without Kaohe: one Python file, one web page.
"""
