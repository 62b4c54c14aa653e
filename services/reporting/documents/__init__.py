"""Papers and tables: PDF, Word, workbooks and charts, from values of the domain alone."""
