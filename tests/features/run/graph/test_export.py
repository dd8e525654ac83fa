"""The graph as a file, hostile labels, and themes."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from junjo_desktop.errors import UserError
from junjo_desktop.features.run.graph.view import RunGraphView
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.theme.apply import apply_theme
from junjo_desktop.widgets.layered.export import image_of, svg_of
from tests.features.run.graph.runs import RunMaker, graph, node
from tests.features.run.graph.shown import key_of
from tests.support import hands

HOSTILE = (
    "<b>x</b> & \"'",
    "\x00\x1b[31m\x0b",
    "\ud800\uffff\ufffe",
    "\u202emarkup]]>",
    "مرحبا 👩‍👩‍👧",
    "a" * 2000,
    "",
)


def parsed(svg: bytes) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - this is what our own program wrote


def hostile_view(qtbot: QtBot) -> RunGraphView:
    maker = RunMaker(name=HOSTILE[0])
    names = [f"n{number}" for number in range(len(HOSTILE))]
    nodes = [node(name, label) for name, label in zip(names, HOSTILE, strict=True)]
    edges = [f"{one} {other} {HOSTILE[number]}" for number, (one, other) in enumerate(pairwise(names))]
    maker.ran(
        graph(nodes, *edges),
        {name: [maker.step(name, error=label)] for name, label in zip(names, HOSTILE, strict=True)},
    )
    view = RunGraphView(RunSelection())
    qtbot.addWidget(view)
    view.resize(1000, 300)
    view.show()
    view.show_run(maker.run())
    return view


def test_hostile_labels_are_shown_as_they_are(qtbot: QtBot) -> None:
    view = hostile_view(qtbot)
    assert not view.grab().isNull()
    assert hands.rich_labels(view) == []
    for key in view.picture.nodes:
        view.press(key)
        assert view.strip.words.text().startswith(view.picture.nodes[key].label[:20])


def test_an_svg_with_hostile_labels_is_xml_with_the_labels_as_text(qtbot: QtBot) -> None:
    root = parsed(svg_of(hostile_view(qtbot).canvas.graph, HOSTILE[1] + HOSTILE[2] + "<title>"))
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert tags <= {
        "svg",
        "title",
        "desc",
        "defs",
        "g",
        "rect",
        "path",
        "polygon",
        "polyline",
        "circle",
        "ellipse",
        "text",
    }
    assert HOSTILE[0] in [element.text for element in root.iter() if element.tag.endswith("text")]


def test_an_svg_holds_every_text_at_any_zoom(view: RunGraphView) -> None:
    view.canvas.zoom_out()
    for _ in range(12):
        view.canvas.zoom_out()
    root = parsed(svg_of(view.canvas.graph, "Graph"))
    texts = [element.text for element in root.iter() if element.tag.endswith("text")]
    assert {"AssessDirective", "CheckPolicy", "741 ms", "is smalltalk"} <= set(texts)


def test_the_selection_is_no_part_of_an_exported_picture(view: RunGraphView) -> None:
    plain = image_of(view.canvas.graph)
    view.press(key_of(view, "Draft"))
    assert image_of(view.canvas.graph) == plain


def test_files_are_written_by_their_ending(view: RunGraphView, tmp_path: Path) -> None:
    for name in ("graph.svg", "graph.png"):
        view.export.save(tmp_path / name)
    assert parsed((tmp_path / "graph.svg").read_bytes()).tag.endswith("svg")
    assert QImage(str(tmp_path / "graph.png")).width() > 1000


def test_a_file_that_cannot_be_written_is_told_with_what_to_do(view: RunGraphView, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"cannot be written to .*Choose another folder"):
        view.export.save(tmp_path / "nowhere" / "graph.png")


def test_the_theme_changes_the_picture(view: RunGraphView) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    pictures = []
    for theme in ("light", "dark"):
        apply_theme(app, theme)
        pictures.append(image_of(view.canvas.graph))
    apply_theme(app, "light")
    assert pictures[0] != pictures[1]
    assert image_of(view.canvas.graph) == pictures[0]
