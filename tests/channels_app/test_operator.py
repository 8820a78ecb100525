"""The operator's tool: channels are there, their words are not."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from channels_app.models import Comment, Post, Proposal
from tests.channels_app.cast import free, propose, publish
from tests.world import World


@pytest.mark.req("CHAN-1", "ACC-4")
def test_the_operator_reads_no_posts(world: World, browse: Callable[[User | None], Client]) -> None:
    channel = free(world.a, title="Секретное слово", description="Секретное слово")
    publish(world.a, channel, "Секретное слово")
    propose(world.a, channel, "Секретное слово")
    operator = browse(world.operator)
    for page in (
        reverse("admin:channels_app_channel_changelist"),
        reverse("admin:channels_app_channel_change", args=[channel.pk]),
    ):
        answer = operator.get(page)
        assert answer.status_code == 200, page
        assert "Секретное" not in answer.content.decode(), page
    assert operator.post(reverse("admin:channels_app_channel_delete", args=[channel.pk])).status_code == 403
    for model in (Post, Proposal, Comment):
        assert model not in admin.site._registry
