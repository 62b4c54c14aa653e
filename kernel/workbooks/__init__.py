"""Workbooks as people upload them: opened safely, their cells made orderly, their rows with the place of each."""
