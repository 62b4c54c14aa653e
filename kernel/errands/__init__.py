"""Errands (后台任务): long work that somebody asked for and need not wait for; it survives restarts.

Periodic work that nobody asks for is a job: `kernel.scheduling`.
"""
