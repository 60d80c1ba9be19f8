"""What the tests play on: a database, an emulated AWS, receivers, and the Runtime API that drives the program."""

from .ports import until
from .runtime import Function
from .stage import Stage

__all__ = ["Function", "Stage", "until"]
