"""What to put into a program, in three steps: install, paste, run. The real port and the real key are filled in."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QTabBar, QVBoxLayout, QWidget

from junjo_desktop.features.connect.key_choice import KeyChoice
from junjo_desktop.features.connect.known_keys import KnownKeys
from junjo_desktop.features.connect.snippet_view import SnippetView
from junjo_desktop.receiver.snippets import PLACEHOLDER, SNIPPETS, Snippet, Target, Variant, mask
from junjo_desktop.theme.icons import icon
from junjo_desktop.widgets.copy_button import CopyButton
from junjo_desktop.widgets.flow_layout import FlowLayout
from junjo_desktop.widgets.scroll_column import ScrollColumn
from junjo_desktop.widgets.segmented import Segmented

_LEAST_PX = 340


class SnippetPanel(QWidget):
    """Tabs for ways to send, a switch for versions, the key, the code.

    The secret is covered on screen until it is asked for; copying always takes it whole.
    """

    traces_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._port = 0
        self._keys_required = True
        self._known = KnownKeys()
        self._variants = dict.fromkeys((snippet.id for snippet in SNIPPETS), 0)
        self.key_choice = KeyChoice(self)
        self._build()
        self._show_tab(0)

    @property
    def snippet(self) -> Snippet:
        """The tab in front."""
        return SNIPPETS[self._tabs.currentIndex()]

    @property
    def shown_code(self) -> str:
        """The code as it stands on the screen."""
        return self._code.toPlainText()

    def code(self) -> str:
        """The code with the real secret, as it is copied."""
        key = None if not self._keys_required else self._known.secret or PLACEHOLDER
        return self._variant().write(Target(self._port, key))

    def copy(self) -> None:
        """Copy the code with the real secret."""
        self._copy.copy()

    def show_port(self, port: int) -> None:
        """Fill in this port."""
        self._port = port
        self._refresh()

    def show_keys(self, known: KnownKeys, *, required: bool) -> None:
        """Fill in this key, or none where none is asked for."""
        self._known = known
        self._keys_required = required
        self.key_choice.show_keys(known, required=required)
        self._refresh()

    def save_state(self, state: QSettings) -> None:
        """Remember the tab and the chosen versions."""
        state.setValue("snippet", self.snippet.id)
        for snippet_id, place in self._variants.items():
            state.setValue(f"variant/{snippet_id}", str(place))

    def restore_state(self, state: QSettings) -> None:
        """Go back to the remembered tab and versions; what is not known any more is left out."""
        for snippet in SNIPPETS:
            place = str(state.value(f"variant/{snippet.id}", "0"))
            if place.isascii() and place.isdigit() and int(place) < len(snippet.variants):
                self._variants[snippet.id] = int(place)
        ids = [snippet.id for snippet in SNIPPETS]
        wanted = str(state.value("snippet", ids[0]))
        self._tabs.setCurrentIndex(ids.index(wanted) if wanted in ids else 0)
        self._show_tab(self._tabs.currentIndex())

    def _build(self) -> None:
        self._tabs = QTabBar(self)
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName("Way to send")
        for snippet in SNIPPETS:
            self._tabs.addTab(snippet.title)
        self._install = SnippetView("Install command", self)
        self._install_step = _step(self)
        self._paste_step = _step(self)
        self._run_step = _step(self)
        self._code = SnippetView("Snippet", self)
        self._copy = CopyButton(self.code, label="Copy snippet", name="Copy the snippet with its key", parent=self)
        self._copy_install = CopyButton(self._install.toPlainText, label="Copy", name="Copy the install command")
        self._reveal = QPushButton("Show key", self)
        self._reveal.setIcon(icon("eye"))
        self._reveal.setCheckable(True)
        self._open = QPushButton("Open Traces", self)
        self._switch: Segmented | None = None
        self._arrange()
        self._tabs.currentChanged.connect(self._show_tab)
        self._reveal.toggled.connect(self._refresh)
        self._open.clicked.connect(self.traces_wanted)

    def _arrange(self) -> None:
        strip = QFrame(self)
        strip.setProperty("look", "bar")
        tabs = QHBoxLayout(strip)
        tabs.setContentsMargins(8, 0, 8, 0)
        tabs.addWidget(self._tabs, 1)
        self._installing = _block(_row(self._install_step, self._copy_install), self._install)
        paste = _row(self._paste_step, self._reveal, self._copy)
        choices = QWidget(self)
        self._choices = FlowLayout(choices, 12, 8)
        self._choices.setContentsMargins(0, 0, 0, 0)
        self._choices.addWidget(self.key_choice)
        column = ScrollColumn("Snippets", parent=self)
        column.setMinimumWidth(_LEAST_PX)
        column.add(self._installing)
        column.add(_block(paste, choices, self.key_choice.remedy, self._code))
        column.add(_block(_row(self._run_step, self._open)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(strip)
        layout.addWidget(column, 1)

    def _variant(self) -> Variant:
        return self.snippet.variants[self._variants[self.snippet.id]]

    def _show_tab(self, _place: int) -> None:
        snippet = self.snippet
        self._installing.setVisible(bool(snippet.install))
        self._install_step.setText("1   Install")
        self._install.set_code(snippet.install)
        first = 2 if snippet.install else 1
        words = (
            "Set these where the program starts" if snippet.id == "environment" else "Put this where the program starts"
        )
        self._paste_step.setText(f"{first}   {words}")
        self._run_step.setText(f"{first + 1}   Run it. Spans appear as they end; SDKs send every few seconds.")
        self._show_switch(snippet)
        self._refresh()

    def _show_switch(self, snippet: Snippet) -> None:
        if self._switch is not None:
            self._choices.removeWidget(self._switch)
            self._switch.hide()
            self._switch.deleteLater()
            self._switch = None
        if len(snippet.variants) > 1:
            options = [(str(place), variant.title) for place, variant in enumerate(snippet.variants)]
            self._switch = Segmented(options, name=f"{snippet.title} version", parent=self)
            self._switch.set_value(str(self._variants[snippet.id]))
            self._switch.chosen.connect(self._choose_variant)
            self._choices.insertWidget(0, self._switch)
            self._switch.show()
            QWidget.setTabOrder(self._tabs, self._switch)

    def _choose_variant(self, place: str) -> None:
        self._variants[self.snippet.id] = int(place)
        self._refresh()

    def _refresh(self) -> None:
        secret = self._known.secret if self._keys_required else None
        self._reveal.setVisible(secret is not None)
        code = self.code()
        self._code.set_code(code if self._reveal.isChecked() else mask(code, secret))


def _step(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("look", "heading")
    label.setWordWrap(True)
    return label


def _row(first: QWidget, *buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(first, 1)
    for button in buttons:
        row.addWidget(button)
    return row


def _block(*parts: QWidget | QHBoxLayout) -> QWidget:
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return block
