"""What people do in the library, one function a thing they want."""

from __future__ import annotations

from improve.library.service.publish import Outgoing, outgoing, publish_page, take_down
from improve.library.service.write import share_page, write_page

__all__ = ["Outgoing", "outgoing", "publish_page", "share_page", "take_down", "write_page"]
