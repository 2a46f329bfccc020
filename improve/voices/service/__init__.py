"""What people do with voices, one function a thing they want."""
