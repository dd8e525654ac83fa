from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class HelloRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HelloReply(_message.Message):
    __slots__ = ("version", "has_window")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HAS_WINDOW_FIELD_NUMBER: _ClassVar[int]
    version: str
    has_window: bool
    def __init__(self, version: _Optional[str] = ..., has_window: _Optional[bool] = ...) -> None: ...

class QueryRequest(_message.Message):
    __slots__ = ("name", "params_json")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PARAMS_JSON_FIELD_NUMBER: _ClassVar[int]
    name: str
    params_json: str
    def __init__(self, name: _Optional[str] = ..., params_json: _Optional[str] = ...) -> None: ...

class QueryPart(_message.Message):
    __slots__ = ("json",)
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    def __init__(self, json: _Optional[bytes] = ...) -> None: ...

class ReportRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ReportReply(_message.Message):
    __slots__ = ("json",)
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    def __init__(self, json: _Optional[bytes] = ...) -> None: ...

class RaiseRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RaiseReply(_message.Message):
    __slots__ = ("raised",)
    RAISED_FIELD_NUMBER: _ClassVar[int]
    raised: bool
    def __init__(self, raised: _Optional[bool] = ...) -> None: ...

class OpenRequest(_message.Message):
    __slots__ = ("link",)
    LINK_FIELD_NUMBER: _ClassVar[int]
    link: str
    def __init__(self, link: _Optional[str] = ...) -> None: ...

class Selection(_message.Message):
    __slots__ = ("trace_ids", "service", "before_ns", "everything", "starred_too")
    TRACE_IDS_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    BEFORE_NS_FIELD_NUMBER: _ClassVar[int]
    EVERYTHING_FIELD_NUMBER: _ClassVar[int]
    STARRED_TOO_FIELD_NUMBER: _ClassVar[int]
    trace_ids: _containers.RepeatedScalarFieldContainer[str]
    service: str
    before_ns: int
    everything: bool
    starred_too: bool
    def __init__(self, trace_ids: _Optional[_Iterable[str]] = ..., service: _Optional[str] = ..., before_ns: _Optional[int] = ..., everything: _Optional[bool] = ..., starred_too: _Optional[bool] = ...) -> None: ...

class Toll(_message.Message):
    __slots__ = ("traces", "spans", "logs", "metrics", "kept", "finished", "noted")
    TRACES_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    LOGS_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    NOTED_FIELD_NUMBER: _ClassVar[int]
    traces: int
    spans: int
    logs: int
    metrics: int
    kept: int
    finished: bool
    noted: int
    def __init__(self, traces: _Optional[int] = ..., spans: _Optional[int] = ..., logs: _Optional[int] = ..., metrics: _Optional[int] = ..., kept: _Optional[int] = ..., finished: _Optional[bool] = ..., noted: _Optional[int] = ...) -> None: ...

class RebuildRequest(_message.Message):
    __slots__ = ("restart",)
    RESTART_FIELD_NUMBER: _ClassVar[int]
    restart: bool
    def __init__(self, restart: _Optional[bool] = ...) -> None: ...

class RebuildReply(_message.Message):
    __slots__ = ("json",)
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: bytes
    def __init__(self, json: _Optional[bytes] = ...) -> None: ...
