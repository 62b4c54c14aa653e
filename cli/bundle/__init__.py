"""`kaohe verify-bundle`: every score and the root of a sealed period derived again from a file, without a database."""
