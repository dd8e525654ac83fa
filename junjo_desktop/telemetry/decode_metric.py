"""One OTLP metric as a row of `metrics`: the message itself, and what a list of metrics shows."""

from __future__ import annotations

from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from junjo_desktop.telemetry.columns import INT64_MAX, Row
from junjo_desktop.telemetry.decode_origin import Origin


def metric_row(metric: Metric, origin: Origin) -> Row:
    """A metric in the order of `METRIC_COLUMNS`."""
    times = _point_times(metric)
    return (
        origin.service_name,
        metric.name,
        metric.description,
        metric.unit,
        metric.WhichOneof("data") or "none",
        len(times),
        min(times, default=None),
        max(times, default=None),
        metric.SerializeToString(deterministic=True),
        origin.resource_id,
        origin.scope_id,
        origin.received_ns,
        origin.arrival,
    )


def _point_times(metric: Metric) -> list[int]:
    """Nanoseconds of each data point, at most what the column can hold."""
    match metric.WhichOneof("data"):
        case "gauge":
            times = [point.time_unix_nano for point in metric.gauge.data_points]
        case "sum":
            times = [point.time_unix_nano for point in metric.sum.data_points]
        case "histogram":
            times = [point.time_unix_nano for point in metric.histogram.data_points]
        case "exponential_histogram":
            times = [point.time_unix_nano for point in metric.exponential_histogram.data_points]
        case "summary":
            times = [point.time_unix_nano for point in metric.summary.data_points]
        case _:
            times = []
    return [min(time, INT64_MAX) for time in times]
