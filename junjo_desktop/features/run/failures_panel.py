"""The failures of a run: a list, and the current one with type, message, cause and stack."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from junjo_desktop.features.run.failures_rows import (
    HOOK_SENTENCE,
    NO_FAILURES,
    FailureItem,
    FailureRows,
    HookItem,
)
from junjo_desktop.features.run.outline import Item
from junjo_desktop.features.run.outline_view import OutlineView
from junjo_desktop.features.run.selection import RunSelection
from junjo_desktop.features.run.split_state import restore_split
from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.code_view import CodeView
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.display_text import excerpt
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.empty_state import EmptyState
from junjo_desktop.widgets.tag import Tag

_LIST_PX, _DETAIL_PX = 4 * ROW_PX, 9 * ROW_PX


class FailuresPanel(QWidget):
    """`entered` comes on Enter: the user wants to look at what was chosen."""

    entered = Signal()

    def __init__(self, selection: RunSelection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self._rows = NO_FAILURES
        self._shown: Item | None = None
        self.view = OutlineView("Failures", self)
        self.detail = FailureDetail(self)
        self.empty = EmptyState("Nothing failed in this run.", icon_name="ok", parent=self)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.addWidget(self.view)
        self._split.addWidget(self.detail)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([_LIST_PX, _DETAIL_PX])
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._split)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.view.chosen.connect(self._choose)
        self.view.entered_row.connect(self.entered)
        selection.changed.connect(self._follow)

    def show_rows(self, rows: FailureRows, *, is_update: bool = False) -> None:
        """Show the failures of a run; what only passed one on is folded."""
        self._rows = rows
        self.view.show_outline(rows.outline, is_update=is_update, folded=rows.order)
        self._stack.setCurrentWidget(self._split if len(rows.outline) else self.empty)
        self.follow()

    def save_state(self, state: QSettings) -> None:
        """Write how the list and the stack share the room."""
        state.setValue("failures_split", self._split.saveState())

    def restore_state(self, state: QSettings) -> None:
        """Read back what `save_state` wrote."""
        restore_split(self._split, state, "failures_split")

    # Going through them

    @property
    def failures(self) -> list[FailureItem]:
        """The failures from top to bottom, those that only pass one on behind it."""
        items = (self._rows.outline.nodes[self._rows.outline.position_of(key)].item for key in self._rows.order)
        return [item for item in items if isinstance(item, FailureItem)]

    def step_failure(self, forward: bool) -> bool:
        """Select the next or previous failure, round the end; False when there is none."""
        failures = self.failures
        if not failures:
            return False
        here = self._shown if isinstance(self._shown, FailureItem) else None
        place = next((at for at, one in enumerate(failures) if here is not None and one.failure == here.failure), None)
        if place is None or self._selection.span_id != failures[place].span_id:
            target = 0 if forward else len(failures) - 1
        else:
            target = (place + (1 if forward else -1)) % len(failures)
        self._show(failures[target])
        self._selection.select_span(failures[target].span_id)
        self.view.follow(self._rows.order[target])
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.follow()

    def _follow(self, _selection: RunSelection) -> None:
        if self.isVisible():
            self.follow()

    def follow(self) -> None:
        """Show the failure of the selected span; without one the first failure stays in the detail."""
        span_id = self._selection.span_id
        current = self.view.current_item
        if current is not None and current.span_id == span_id:
            self._show(current)
            return
        failures = self.failures
        place = next((at for at, one in enumerate(failures) if one.span_id == span_id), None)
        if place is not None:
            self.view.follow(self._rows.order[place])
            self._show(failures[place])
            return
        self.view.follow(None)
        first = next((node.item for node in self._rows.outline.nodes if node.item.span_id is not None), None)
        if first is not None:
            self._show(first)

    def _choose(self, item: Item) -> None:
        if item.span_id is not None:
            self._show(item)
            self._selection.select_span(item.span_id)

    def _show(self, item: Item) -> None:
        self._shown = item
        self.detail.show_item(item)


class FailureDetail(QWidget):
    """One failure or error of a hook, whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copied_text = ""
        self.type = ElidedLabel(parent=self, look="error")
        self.place = ElidedLabel(parent=self, look="dim")
        self.kind = Tag(parent=self)
        self.message = _text_label(self)
        self.cause = _text_label(self)
        self.sentence = _text_label(self)
        self.sentence.setProperty("look", "dim")
        self.stack = CodeView("Stack", wrap=False, parent=self)
        self._lay_out()

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(12, 8, 8, 0)
        line.setSpacing(8)
        line.addWidget(self.kind)
        line.addWidget(self.type)
        # What is left: the type needs the room more.
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        line.addWidget(self.place, 1)
        line.addWidget(CopyButton(self._copied, label="Copy", name="Copy type, message and stack", parent=self))
        text = QVBoxLayout()
        text.setContentsMargins(12, 2, 12, 8)
        text.setSpacing(4)
        for label in (self.message, self.cause, self.sentence):
            text.addWidget(label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addLayout(text)
        layout.addWidget(self.stack, 1)

    def show_item(self, item: Item) -> None:
        """Show a failure or an error of a hook."""
        if isinstance(item, FailureItem):
            one = item.failure
            sentence = "" if one.is_origin else "It arose further inside; this span only passes it on."
            self._fill(one.type or "Failed without a type", f"in {one.name}", one.message, one.cause, sentence)
            self.kind.set_tag("failure" if one.is_origin else "passed on", "error")
            self._show_stack(one.type, one.message, one.stacktrace)
        elif isinstance(item, HookItem):
            error = item.error
            hook = " · ".join(part for part in (error.hook_event, error.callback) if part)
            self._fill(error.type or "Error without a type", hook, error.message, "", HOOK_SENTENCE)
            self.kind.set_tag("hook error", "warning")
            self._show_stack(error.type, error.message, error.stacktrace)

    def _fill(self, kind: str, place: str, message: str, cause: str, sentence: str) -> None:
        self.type.setText(kind)
        self.place.setText(place)
        for label, text in (
            (self.message, excerpt(message)),
            (self.cause, f"Cause: {excerpt(cause)}" if cause else ""),
            (self.sentence, sentence),
        ):
            label.setText(text)
            label.setVisible(bool(text))

    def _show_stack(self, kind: str, message: str, stack: str) -> None:
        self._copied_text = "\n".join(part for part in (f"{kind}: {message}", stack) if part)
        cut = excerpt(message).endswith("…")
        self.stack.set_text(
            "\n\n".join(part for part in (message if cut else "", stack or "No stack was sent.") if part)
        )

    def _copied(self) -> str:
        return self._copied_text


def _text_label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return label
