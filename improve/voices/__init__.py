"""Voices: what children, young people and families tell, and what changed because of it."""
