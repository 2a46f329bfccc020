"""Forms about ideas: shape and wording; what they refuse in substance the services say."""
