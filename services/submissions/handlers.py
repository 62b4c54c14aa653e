"""Keeping the copies of what `org` and `targets` own."""

from kernel.delivery.handlers import Handlers
from kernel.delivery.replicas import replicate
from services.submissions.replicas import REPLICAS

handlers = Handlers()
replicate(handlers, *REPLICAS)
