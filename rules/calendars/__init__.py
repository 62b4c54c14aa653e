"""Assessment periods, working days and deadlines: settings as data, dates out. Pure; the standard library only."""
