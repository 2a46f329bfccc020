"""Huddles: the meeting where ideas move. Agenda, pace, decisions, actions, notes."""
