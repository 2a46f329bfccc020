"""The forms of accounts: shape and wording. Choices and limits come in from outside."""
