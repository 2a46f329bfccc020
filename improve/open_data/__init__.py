"""Everything a person may see as tables, and a council’s whole content as one archive."""
