"""The commands of the page of a run: shortcuts, the palette and the key sheet read them here."""

from __future__ import annotations

from collections.abc import Callable

from junjo_desktop.features.run.actions import RunActions
from junjo_desktop.features.run.run_view import RunView
from junjo_desktop.shell.commands import Command

_GROUP = "Run"


def run_commands(view: RunView, actions: RunActions, copy: Callable[[], None]) -> tuple[Command, ...]:
    """Return the commands; `copy` copies whatever is looked at."""
    return (*_stepping(view, actions), *_looking(view, actions), *_agent(view), *_going(actions, copy))


def _stepping(view: RunView, actions: RunActions) -> tuple[Command, ...]:
    counter, shown = view.lists.counter, actions.is_shown
    return (
        Command("run.next_step", "Next state update", counter.next, "Right", _GROUP, "chevron-right", shown, "", True),
        Command(
            "run.previous_step",
            "Previous state update",
            counter.previous,
            "Left",
            _GROUP,
            "chevron-left",
            shown,
            "",
            True,
        ),
        Command("run.next_failure", "Next failure", view.next_failure, "E", _GROUP, "error", shown),
        Command("run.previous_failure", "Previous failure", view.previous_failure, "Shift+E", _GROUP, "error", shown),
    )


def _looking(view: RunView, actions: RunActions) -> tuple[Command, ...]:
    lists, shown, has_span = view.lists, actions.is_shown, view.span.isVisible
    return (
        Command("run.filter", "Filter steps", lists.filter.take_focus, "/", _GROUP, "filter", shown, "Ctrl+F"),
        Command("run.span", "Show the span of this update", actions.show_span, "D", _GROUP, "info", shown),
        Command("run.inspect", "Go to what is shown at the right", view.focus_right, "I", _GROUP, "info", shown),
        Command("run.like", "Find traces like this span…", view.span.choose_term, "=", _GROUP, "filter", has_span),
        Command("run.steps", "Show the steps", lists.show_steps, "", _GROUP, "workflows", shown),
        Command("run.updates", "Show the state updates", lists.show_updates, "", _GROUP, "workflows", shown),
        Command("run.failures", "Show the failures", lists.show_failures, "", _GROUP, "error", shown),
        Command("run.unfold", "Unfold all steps", lists.unfold_all, "Shift+U", _GROUP, "unfold", shown),
        Command("run.fold", "Fold all steps", lists.fold_all, "Shift+F", _GROUP, "fold", shown),
    )


def _agent(view: RunView) -> tuple[Command, ...]:
    agent, shown = view.agent, view.shows_an_agent
    return (
        Command(
            "run.conversation", "Show the conversation", agent.show_conversation, "", _GROUP, "conversations", shown
        ),
        Command("run.operations", "Show the operations", agent.show_operations, "", _GROUP, "agents", shown),
        Command("run.definition", "Show the agent's definition", agent.show_definition, "", _GROUP, "agents", shown),
    )


def _going(actions: RunActions, copy: Callable[[], None]) -> tuple[Command, ...]:
    shown = actions.is_shown
    return (
        Command("run.older", "Previous run", actions.open_older, "Ctrl+PgUp", _GROUP, "chevron-left", shown),
        Command("run.newer", "Next run", actions.open_newer, "Ctrl+PgDown", _GROUP, "chevron-right", shown),
        Command("run.trace", "Open the trace at the selected span", actions.open_trace, "T", _GROUP, "traces", shown),
        Command("run.copy", "Copy current value, or span id", copy, "C", _GROUP, "copy", shown),
        Command("run.link", "Copy a link to this place", actions.copy_link, "Shift+C", _GROUP, "copy", shown),
        Command("run.star", "Star, or remove the star", actions.toggle_star, "S", _GROUP, "star", shown),
        Command("run.list", "All runs", actions.open_list, "", _GROUP, "workflows"),
    )
