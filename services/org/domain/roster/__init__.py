"""Reading the bureau's own roster workbook: find the headers, make values orderly, say exactly what is wrong."""
