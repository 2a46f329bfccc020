"""What every capability stands on: database, clock, forms, errors, formats, audit."""
