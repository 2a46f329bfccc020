"""The council's own sign-in (OpenID Connect): its provider, its token, and what groups give."""
