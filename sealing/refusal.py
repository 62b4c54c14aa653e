"""The one exception of this package: something cannot be read, built or verified."""


class Refused(ValueError):
    """`reason` is a key of `sealing.texts.FAILED`; `detail` names the place, for technicians, in English."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
