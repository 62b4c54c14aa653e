"""Keeping the copies of what `org` owns."""

from kernel.delivery.handlers import Handlers
from kernel.delivery.replicas import replicate
from services.targets.replicas import REPLICAS

handlers = Handlers()
replicate(handlers, *REPLICAS)
