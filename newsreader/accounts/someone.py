"""Whoever asks for a page: a reader, or a visitor without an account."""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser

from newsreader.accounts.models import User

Someone: TypeAlias = User | AnonymousUser
