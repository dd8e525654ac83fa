"""Exceptions of a span: type, message and stack."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from junjo_desktop.theme.tokens import ROW_PX
from junjo_desktop.widgets.code_view import CodeView
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.display_text import excerpt
from junjo_desktop.widgets.elided_label import ElidedLabel
from junjo_desktop.widgets.figures import iso_text, moment_text, offset_text
from junjo_desktop.widgets.inspector.detail import SpanException
from junjo_desktop.widgets.inspector.row_list import RowList

_HEADER_PX = 30
_LIST_PX = 130


class ExceptionView(QWidget):
    """With several exceptions, a list to choose from stands above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exceptions: tuple[SpanException, ...] = ()
        self._current = 0
        self.list = RowList("Exceptions", ("After", "Type", "Message"), (80, 150, 150), self)
        self.type = ElidedLabel(parent=self, look="error")
        self.message = QLabel(self)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.message.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.stack = CodeView("Stack", wrap=False, parent=self)
        self._lay_out()
        self.list.row_chosen.connect(self._show_one)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(12, 10, 8, 0)
        line.addWidget(self.type, 1)
        line.addWidget(CopyButton(self._copied, label="Copy", name="Copy type, message and stack", parent=self))
        text = QVBoxLayout()
        text.setContentsMargins(12, 2, 12, 8)
        text.addWidget(self.message)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addLayout(line)
        layout.addLayout(text)
        layout.addWidget(self.stack, 1)

    def show_exceptions(self, exceptions: Sequence[SpanException], span_start_ns: int) -> None:
        """Show other exceptions, the first one current."""
        self._exceptions = tuple(exceptions)
        self.list.setFixedHeight(min(_HEADER_PX + len(exceptions) * ROW_PX, _LIST_PX))
        self.list.setVisible(len(exceptions) > 1)
        self.list.show_rows(
            [(offset_text(one.time_ns - span_start_ns), one.type, one.message) for one in exceptions],
            [(f"{moment_text(one.time_ns)} · {iso_text(one.time_ns)}", one.type, one.message) for one in exceptions],
        )

    def _show_one(self, row: int) -> None:
        self._current = row
        shown = self._exceptions[row]
        self.type.setText(shown.type or "Exception without a type")
        message = excerpt(shown.message)
        self.message.setText(message)
        self.message.setVisible(bool(message))
        parts = [shown.message if message.endswith("…") else "", shown.stack or "No stack was sent."]
        self.stack.set_text("\n\n".join(part for part in parts if part))

    def _copied(self) -> str:
        shown = self._exceptions[self._current]
        return "\n".join(part for part in (f"{shown.type}: {shown.message}", shown.stack) if part)
