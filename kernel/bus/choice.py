"""The transport that a setting asks for."""

from kernel.bus.inprocess import InProcessTransport
from kernel.bus.transport import Transport


def make_transport(rabbit_url: str | None) -> Transport:
    """RabbitMQ if there is an address; else a doorbell within the process, and pulling from the others."""
    if rabbit_url is None:
        return InProcessTransport()
    from kernel.bus.rabbit import RabbitTransport  # noqa: PLC0415 -- only where there is a broker

    return RabbitTransport(rabbit_url)
