"""The HTTP API: the use cases of `app`, for those who show who they are."""

from landport.server.app import Limits, Service

__all__ = ["Limits", "Service"]
