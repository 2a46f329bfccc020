"""The demo council: loaded through the services with a moved clock, served on this machine only."""

from __future__ import annotations

from improve.demo.command import register
from improve.demo.load import Demo, load_demo
from improve.demo.routes import blueprint

__all__ = ["Demo", "blueprint", "load_demo", "register"]
