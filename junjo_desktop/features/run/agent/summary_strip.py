"""The line above an agent's run: how it ended, limits against counts, tokens, duration, and the run around it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from junjo_desktop.features.run.agent.meter import Meter
from junjo_desktop.features.run.agent.nesting import way_around
from junjo_desktop.features.run.agent.words import (
    coverage_text,
    ending_role,
    ending_words,
    limit_words,
    tokens_text,
    usage_words,
    wanted_words,
)
from junjo_desktop.telemetry.junjo.agent import AgentRun
from junjo_desktop.telemetry.junjo.run import Run
from junjo_desktop.widgets.conversation.entries import Way
from junjo_desktop.widgets.display_text import one_line
from junjo_desktop.widgets.figures import counted, duration_text
from junjo_desktop.widgets.flow_layout import FlowLayout
from junjo_desktop.widgets.tag import Tag
from junjo_desktop.widgets.tooltip import plain_tooltip

_GAP_PX, _LINE_GAP_PX = 24, 6
_WAY_CHARACTERS = 48
_WORDS_CHARACTERS = 90


class SummaryStrip(QFrame):
    """`way_taken` carries the destination of the run around this one."""

    way_taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way: Way | None = None
        self.setProperty("look", "facts")
        self.setAccessibleName("Summary of the agent's run")
        self.ending = _Ending(self)
        self.model_requests = Meter("Model requests", self)
        self.tool_calls = Meter("Tool calls", self)
        self.tokens = _Pair("Tokens", self)
        self.duration = _Pair("Duration", self)
        self.around = QPushButton(self)
        self.around.setProperty("look", "link")
        self.around.clicked.connect(self._go)
        flow = FlowLayout(self, _GAP_PX, _LINE_GAP_PX)
        flow.setContentsMargins(14, 8, 14, 8)
        for part in (self.ending, self.model_requests, self.tool_calls, self.tokens, self.duration, self.around):
            flow.addWidget(part)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_run(self, run: Run, agent: AgentRun) -> None:
        """Show another run, or the same one after it grew."""
        self.ending.show_ending(run, agent)
        exceeded, broken = agent.limits.exceeded, limit_words(agent)
        self.model_requests.show_count(
            agent.model_request_count,
            agent.limits.model_requests,
            wanted=wanted_words(agent, "model_requests"),
            tip=broken if exceeded == "model_requests" else "",
        )
        self.tool_calls.show_count(
            agent.tool_call_count,
            agent.limits.tool_calls,
            wanted=wanted_words(agent, "tool_calls"),
            tip=_calls_words(agent, broken if exceeded == "tool_calls" else ""),
        )
        tokens = tokens_text(agent.usage)
        self.tokens.show_fact(tokens, coverage_text(agent.usage), usage_words(agent.usage))
        lasted = None if run.end_ns is None else run.end_ns - run.start_ns
        self.duration.show_fact("" if lasted is None else duration_text(lasted), "", f"{lasted:,} ns" if lasted else "")
        self._show_way(way_around(run))

    def _show_way(self, way: Way | None) -> None:
        self._way = way
        self.around.setVisible(way is not None)
        if way is not None:
            self.around.setText(one_line(way.label, _WAY_CHARACTERS).replace("&", "&&"))
            self.around.setToolTip(plain_tooltip(f"{way.label}\nOpens it at the step that this agent ran in"))
            self.around.setAccessibleName(one_line(way.label))

    def _go(self) -> None:
        if self._way is not None:
            self.way_taken.emit(self._way.destination)


class _Ending(QWidget):
    """The outcome as a tag, and how it ended in words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.outcome = Tag(parent=self)
        self.words = QLabel(self)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setProperty("look", "heading")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(7)
        line.addWidget(self.outcome)
        line.addWidget(self.words)

    def show_ending(self, run: Run, agent: AgentRun) -> None:
        outcome = agent.outcome or run.state.value.replace("_", " ")
        self.outcome.set_tag(outcome, ending_role(run))
        self.words.setText(one_line(ending_words(run, agent), _WORDS_CHARACTERS))
        self.setAccessibleName(f"{one_line(outcome)}: {self.words.text()}")
        told = [f"Outcome: {agent.outcome or 'not told'}", f"Reason: {agent.termination_reason or 'not told'}"]
        self.setToolTip(plain_tooltip("\n".join([*told, limit_words(agent)]).strip()))


class _Pair(QWidget):
    """A dim label, a value and a dim remark; hidden while there is no value."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._label = label
        self.value, self.remark = QLabel(self), QLabel(self)
        dim = QLabel(label, self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for part, look in ((dim, "dim"), (self.value, ""), (self.remark, "dim")):
            part.setTextFormat(Qt.TextFormat.PlainText)
            part.setProperty("look", look)
            line.addWidget(part)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_fact(self, value: str, remark: str, tip: str) -> None:
        self.value.setText(value)
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self.setToolTip(plain_tooltip(tip))
        self.setAccessibleName(f"{self._label} {value} {remark}".strip())
        self.setVisible(bool(value))


def _calls_words(agent: AgentRun, broken: str) -> str:
    counts = agent.counts
    told = [
        f"{counted(count, 'call')} {stage}"
        for stage, count in (
            ("requested", counts.tool_calls_requested),
            ("admitted", counts.tool_calls_admitted),
            ("started", counts.tool_calls_started),
            ("completed", counts.tool_calls_completed),
        )
        if count is not None
    ]
    return "\n".join([*told, broken]).strip()
