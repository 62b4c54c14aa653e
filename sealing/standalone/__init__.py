"""Verifiers that need nothing of Kaohe: one Python file and one web page, for a USB stick."""
