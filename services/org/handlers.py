"""`org` listens to nobody."""

from kernel.delivery.handlers import Handlers

handlers = Handlers()
