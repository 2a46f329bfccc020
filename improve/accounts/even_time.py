"""Answers that take the same time whatever was done for them."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import ParamSpec

from flask import request
from flask.typing import ResponseReturnValue

P = ParamSpec("P")
#: Seconds that such an answer takes, or a whole number of times that.
BEAT = 0.25


def takes_even_time(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Hold the answer to a POST back until a whole number of beats has passed since it came.

    For forms whose work differs with what nobody may learn, such as whether an address has an
    account. Stands above ``commits``, so that no lock is held while it waits.
    """

    @functools.wraps(view)
    def held(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        start = time.monotonic()
        try:
            return view(*args, **kwargs)
        finally:
            if request.method == "POST":
                time.sleep(BEAT - (time.monotonic() - start) % BEAT)

    return held
