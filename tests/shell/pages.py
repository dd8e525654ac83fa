"""Small real features for tests of the frame: pages that note what they are asked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from junjo_desktop.shell.commands import Command
from junjo_desktop.shell.feature import Feature, RailSection
from junjo_desktop.shell.page import Page
from junjo_desktop.shell.workbench import Workbench


@dataclass(frozen=True)
class OpenNote:
    """A destination of the tests."""

    text: str


@dataclass(frozen=True)
class OpenNowhere:
    """A destination no feature shows."""


class NotePage(Page):
    """Notes what the shell asks of it."""

    def __init__(self, name: str, workbench: Workbench) -> None:
        super().__init__()
        self.name = name
        self.workbench = workbench
        self.asked: list[object] = []
        self.ran: list[str] = []
        self.terms: list[str] = []
        self.views: list[str] = []
        self.more_commands: tuple[Command, ...] = ()
        self.field = QLineEdit(self)
        self.field.setAccessibleName("Note")
        QVBoxLayout(self).addWidget(self.field)

    def show_destination(self, destination: object) -> None:
        self.asked.append(destination)

    def take_term(self, term: str) -> None:
        self.terms.append(term)

    def show_view(self, name: str) -> None:
        self.views.append(name)

    def activated(self) -> None:
        self.asked.append("activated")

    def commands(self) -> tuple[Command, ...]:
        return (
            Command(f"{self.name}.find", f"Find in {self.name}", self.look_for, "Ctrl+F", "Notes"),
            Command(f"{self.name}.run", "Run it", self.run, "R", "Notes"),
            *self.more_commands,
        )

    def look_for(self) -> None:
        self.ran.append("find")

    def run(self) -> None:
        self.ran.append("run")

    def save_state(self, state: QSettings) -> None:
        state.setValue("text", self.field.text())

    def restore_state(self, state: QSettings) -> None:
        self.field.setText(str(state.value("text", "")))


class Built:
    """Features whose pages can be looked at after the shell built them."""

    def __init__(self) -> None:
        self.pages: dict[str, NotePage] = {}

    def feature(
        self, name: str, order: int, section: RailSection = "main", destinations: tuple[type, ...] = ()
    ) -> Feature:
        def build(workbench: Workbench) -> Page:
            self.pages[name] = NotePage(name, workbench)
            return self.pages[name]

        return Feature(name, name.title(), "traces", order, section, build, destinations)


def broken_feature() -> Feature:
    """A feature whose page cannot be built."""

    def build(_workbench: Workbench) -> Page:
        raise RuntimeError("no page today")

    return Feature("broken", "Broken", "error", 90, "main", build)
