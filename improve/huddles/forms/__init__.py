"""The forms of huddles: shape and wording."""
