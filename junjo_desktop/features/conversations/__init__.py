"""Conversations: calls of models grouped by the session or thread they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from junjo_desktop.shell.destinations import OpenConversation, OpenTrace
from junjo_desktop.shell.feature import Feature

if TYPE_CHECKING:
    from junjo_desktop.shell.page import Page
    from junjo_desktop.shell.workbench import Workbench


def _build(workbench: Workbench) -> Page:
    from junjo_desktop.features.conversations.page import ConversationsPage

    return ConversationsPage(workbench)


FEATURE = Feature(
    name="conversations",
    title="Conversations",
    icon="conversations",
    order=70,
    section="main",
    build=_build,
    destinations=(OpenConversation,),
    leads_to=(OpenTrace,),
)
