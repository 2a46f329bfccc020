"""What people do in the library, one function a thing they want."""

from __future__ import annotations
