"""A month, a quarter and a year of the example city as bulletins, from the seals of a year that is really played."""
