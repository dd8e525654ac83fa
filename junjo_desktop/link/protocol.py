"""Names both ends of the private socket agree on."""

from __future__ import annotations

from junjo_desktop.wire import workbench_pb2

SERVICE = workbench_pb2.DESCRIPTOR.services_by_name["Workbench"].full_name
TOKEN_KEY = "workbench-token"  # noqa: S105 - the name of the metadata entry, not a secret
