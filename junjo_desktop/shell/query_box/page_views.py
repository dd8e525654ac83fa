"""The saved views of one list: which is open, whether it was changed since, and what can be done with them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog

from junjo_desktop.errors import NotFoundError, UsageError
from junjo_desktop.state.saved_views import SavedView, checked_name
from junjo_desktop.widgets.display_text import isolated, one_line
from junjo_desktop.widgets.notice_bar import NoticeBar
from junjo_desktop.widgets.saved_filter import filter_of, filter_text

if TYPE_CHECKING:
    from junjo_desktop.shell.list_page import ListPage

_LONGEST = 40


class PageViews(QObject):
    """`changed` when another view is open, or none, or when it was changed. What is asked stands in `asking`."""

    changed = Signal()

    def __init__(self, page: ListPage[Any, Any], asking: NoticeBar) -> None:
        super().__init__(page)
        self._page = page
        self._known = page.workbench.views
        self._asking = asking
        self._active: SavedView | None = None
        self._known.changed.connect(self._known_changed)

    @property
    def all(self) -> tuple[SavedView, ...]:
        """The views of this list, by name."""
        return self._known.of_page(self._page.words.key)

    @property
    def active(self) -> SavedView | None:
        """The view that was opened or saved last; None once every filter is cleared."""
        return self._active

    @property
    def is_changed(self) -> bool:
        """Whether what is shown is not quite the active view. How wide columns are does not count."""
        return self._active is not None and _essence(self.shown(self._active.name)) != _essence(self._active)

    def shown(self, name: str) -> SavedView:
        """Return what is shown as a view."""
        page = self._page
        key, descending = page.sort_shown()
        return SavedView(
            name=name,
            page=page.words.key,
            subject=page.query.subject.value,
            query=page.shown_filter.text,
            filters=filter_text(page.shown_filter),
            columns=page.table.columns.save(),
            sort_key=str(key),
            descending=descending,
        )

    def open(self, name: str) -> None:
        """Show a view; one that is gone meanwhile is told."""
        view = self._known.named(name)
        if view is None or view.page != self._page.words.key:
            self._page.workbench.report_error(
                NotFoundError(f"There is no view “{one_line(name, _LONGEST)}” any more.", "Choose another one.")
            )
            return
        page = self._page
        page.table.columns.restore(view.columns)
        sortable = {column.key for column in page.table.model.columns if column.sortable}
        if view.sort_key in sortable and (view.sort_key, view.descending) != page.sort_shown():
            page.sort_by(view.sort_key, view.descending)
        page.show_filter(filter_of(type(page.shown_filter), view.query, view.filters))
        self._set_active(view)

    def filter_shown(self) -> None:
        """Something else is shown, or in another order: an open list is no view any more."""
        if self._active is not None and self._page.shown_filter.is_open and self.is_changed:
            self._active = None
        self.changed.emit()

    # Saving, renaming, deleting

    def ask_save(self) -> None:
        """Ask for a name, and save what is shown."""
        self._ask_name("Save view", "Name of the view:", self._active.name if self._active else "", self.save_as)

    def save_as(self, name: str) -> None:
        """Save what is shown; ask before another view of that name is replaced."""
        try:
            name = checked_name(name)
        except UsageError as error:
            self._page.workbench.report_error(error)
            return
        taken = self._known.named(name)
        if taken is not None and (self._active is None or taken.name != self._active.name):
            where = "" if taken.page == self._page.words.key else f", a view of another list ({taken.page})"
            self._asking.show_notice(
                f"Replace the view “{_shown(taken.name)}”{where}?",
                "warning",
                (("Replace", partial(self._save, name)), ("Keep", self._asking.dismiss)),
            )
        else:
            self._save(name)

    def save_changes(self) -> None:
        """Save what is shown in place of the active view."""
        if self._active is not None:
            self._save(self._active.name)

    def ask_rename(self) -> None:
        """Ask for another name of the active view."""
        if self._active is not None:
            self._ask_name("Rename view", "Name of the view:", self._active.name, self.rename)

    def rename(self, name: str) -> None:
        """Give the active view another name; one that is taken is told."""
        view = self._active
        try:
            name = checked_name(name)
        except UsageError as error:
            self._page.workbench.report_error(error)
            return
        if view is not None and name != view.name:
            taken = self._known.named(name)
            if taken is None or taken.name == view.name:
                self._set_active(replace(view, name=name))
            self._known.rename(view.name, name)

    def ask_delete(self) -> None:
        """Ask whether to forget the active view."""
        if self._active is not None:
            self._asking.show_notice(
                f"Delete the view “{_shown(self._active.name)}”? No telemetry is deleted with it.",
                "warning",
                (("Delete", partial(self._delete, self._active.name)), ("Keep", self._asking.dismiss)),
            )

    def _save(self, name: str, _checked: bool = False) -> None:
        self._asking.dismiss()
        view = self.shown(name)
        self._known.save(view)
        self._set_active(view)

    def _delete(self, name: str, _checked: bool = False) -> None:
        self._asking.dismiss()
        self._known.delete(name)
        self._set_active(None)

    def _ask_name(self, title: str, label: str, name: str, chosen: Any) -> None:
        dialog = QInputDialog(self._page)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextValue(name)
        dialog.textValueSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _set_active(self, view: SavedView | None) -> None:
        self._active = view
        self.changed.emit()

    def _known_changed(self) -> None:
        if self._active is not None:
            kept = self._known.named(self._active.name)
            self._active = kept if kept is not None and kept.page == self._page.words.key else None
        self.changed.emit()


def _essence(view: SavedView) -> tuple[object, ...]:
    columns = [(column["key"], column["hidden"]) for column in json.loads(view.columns or "[]")]
    return view.query.strip(), view.filters, view.sort_key, view.descending, columns


def _shown(name: str) -> str:
    return isolated(one_line(name, _LONGEST))
