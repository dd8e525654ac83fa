"""Asks for the tags and the comment of a trace or a span."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from junjo_desktop.errors import UserError
from junjo_desktop.shell.notes import NOT_KEPT_WORDS, Notes
from junjo_desktop.state.notes import Note, NotedPlace
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import counted

_WIDTH_PX = 460
_COMMENT_PX = 140
_LONGEST = 80
_BETWEEN = ", "


class NoteDialog(QDialog):
    """One place: what is written on it is changed. Several: tags are added to what each of them has."""

    def __init__(self, notes: Notes, places: Sequence[NotedPlace], name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._notes = notes
        self._places = tuple(places)
        self._before = notes.of(*self._places[0]) if len(self._places) == 1 else Note()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Note")
        self.title = QLabel(self)
        self.tags = QLineEdit(_BETWEEN.join(self._before.tags), self)
        self.comment = QPlainTextEdit(self._before.comment, self)
        self.problem = QLabel(self)
        self.save = QPushButton("Save", self)
        self.cancel = QPushButton("Cancel", self)
        self._lay_out(name)
        self._complete()
        self.save.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        self.tags.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, name: str) -> None:
        is_one = len(self._places) == 1
        kind = "span" if is_one and self._places[0].span_id else "trace"
        words = (
            f"Note on the {kind} {one_line(name, _LONGEST)}" if is_one else f"Tag {counted(len(self._places), 'trace')}"
        )
        self.title.setText(words)
        self.title.setProperty("look", "title")
        for label in (self.title, self.problem):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.problem.setProperty("look", "error")
        self.problem.hide()
        self.tags.setPlaceholderText("slow, to look at")
        self.tags.setAccessibleName("Tags, separated by commas")
        self.comment.setAccessibleName("Comment")
        self.comment.setProperty("look", "input")
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(_COMMENT_PX)
        kept = QLabel(f"{NOT_KEPT_WORDS}. Find them with tag:… and note:… in the query box.", self)
        kept.setProperty("look", "dim")
        kept.setWordWrap(True)
        self.save.setDefault(True)
        self.save.setProperty("look", "primary")
        self.save.setToolTip("Save (Ctrl+Enter)")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(_caption("Tags" if is_one else "Tags to add", self))
        layout.addWidget(self.tags)
        if is_one:
            layout.addWidget(_caption("Comment", self))
            layout.addWidget(self.comment)
        else:
            self.comment.hide()
        layout.addWidget(self.problem)
        layout.addWidget(kept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.save)
        layout.addLayout(buttons)
        self.setFixedWidth(_WIDTH_PX)

    def _complete(self) -> None:
        """Offer tags that are given elsewhere, for the one under the cursor."""
        completer = _TagCompleter(self._notes.known_tags, self.tags)
        self.tags.setCompleter(completer)

    def chosen_tags(self) -> tuple[str, ...]:
        """Return the tags as written."""
        return tuple(tag.strip() for tag in self.tags.text().split(",") if tag.strip())

    def accept(self) -> None:
        try:
            self._notes.write({place: self._after(place) for place in self._places})
        except UserError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        super().accept()

    def _after(self, place: NotedPlace) -> Note:
        if len(self._places) == 1:
            return Note(self.chosen_tags(), self.comment.toPlainText())
        had = self._notes.of(*place)
        return Note((*had.tags, *self.chosen_tags()), had.comment)


class _TagCompleter(QCompleter):
    """Completes the last of several words that commas separate."""

    def __init__(self, tags: Sequence[str], parent: QLineEdit) -> None:
        super().__init__(parent)
        self._edit = parent
        self.setModel(QStringListModel(list(tags), self))
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)

    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: object) -> str:
        before, comma, _ = self._edit.text().rpartition(",")
        chosen = super().pathFromIndex(index)  # type: ignore[arg-type] # either kind of index
        return f"{before}{comma} {chosen}" if comma else str(chosen)


def _caption(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("look", "dim")
    return label


def edit_note(notes: Notes, places: Sequence[NotedPlace], name: str, parent: QWidget) -> NoteDialog:
    """Open the dialog over the window of `parent`."""
    dialog = NoteDialog(notes, places, name, parent.window())
    dialog.open()
    return dialog
