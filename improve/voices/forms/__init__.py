"""Shape and wording of the forms of voices."""
