"""Keeping the copies; boards are read from them."""

from kernel.delivery.handlers import Handlers
from kernel.delivery.replicas import replicate
from services.reporting.replicas import REPLICAS

handlers = Handlers()
replicate(handlers, *REPLICAS)
