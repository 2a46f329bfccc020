"""The second proof of who somebody is: codes of a phone, on paper, and the key that seals them."""
