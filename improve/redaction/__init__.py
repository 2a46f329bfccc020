"""Words that may identify someone: hidden at once, taken out everywhere, or given back."""
