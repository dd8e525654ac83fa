"""The committed message classes are those that `proto/` describes."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc  # type: ignore[import-untyped]  # the package has no types

from tests.support.child import ROOT

PROTOS = sorted((ROOT / "proto").glob("*.proto"))


@pytest.mark.parametrize("proto", PROTOS, ids=lambda proto: proto.stem)
def test_committed_messages_match_their_source(proto: Path, tmp_path: Path) -> None:
    written = tmp_path / "descriptors"
    name = f"junjo_desktop/wire/{proto.name}"
    arguments = ["protoc", f"-Ijunjo_desktop/wire={proto.parent}", f"--descriptor_set_out={written}", name]
    assert protoc.main(arguments) == 0
    (described,) = FileDescriptorSet.FromString(written.read_bytes()).file
    committed = FileDescriptorProto()
    importlib.import_module(f"junjo_desktop.wire.{proto.stem}_pb2").DESCRIPTOR.CopyToProto(committed)
    for file in (described, committed):
        file.ClearField("source_code_info")
        for message in file.message_type:
            for field in message.field:
                field.ClearField("json_name")
    assert committed == described


@pytest.mark.parametrize("proto", PROTOS, ids=lambda proto: proto.stem)
def test_committed_types_name_every_message_and_field(proto: Path) -> None:
    types = (ROOT / "junjo_desktop" / "wire" / f"{proto.stem}_pb2.pyi").read_text(encoding="utf-8")
    module = importlib.import_module(f"junjo_desktop.wire.{proto.stem}_pb2")
    for message in module.DESCRIPTOR.message_types_by_name.values():
        assert f"class {message.name}(" in types
        for field in message.fields:
            assert f"{field.name}: " in types
