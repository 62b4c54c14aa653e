"""What an operator may set for this service."""

from kernel.settings import ServiceSettings


class TargetSettings(ServiceSettings):
    max_body_bytes: int = 8 * 1024 * 1024
    """Limit of request bodies: a batch of 5,000 targets and an indicator workbook fit in."""
    webhook_hosts: str = ""
    """Hosts that webhooks may be sent to, `im.bureau.local,10.0.0.7:8443`; none: nothing leaves the platform."""
    webhook_secrets_dir: str = "/run/secrets/webhooks"
    """Folder with one file a webhook, named as its secret; the content signs what is sent."""
    legal_line: str = "法制"
    """The business line whose authority signs exceptions from the indicator guard."""
