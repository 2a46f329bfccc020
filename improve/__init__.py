"""Improve: small tests of change in children's services, with honest charts."""
