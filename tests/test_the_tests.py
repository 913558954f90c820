"""What every test may rely on, whichever one its process had before."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from newsreader.accounts.models import User
from newsreader.accounts.roles import Role
from newsreader.desk.curators import GROUP
from tests.emptying import empty, filled
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_migrations_have_founded_is_there_again_whatever_a_test_made_of_it():
    founded = filled(connection)
    assert {name for (name,) in Group.objects.values_list("name")} == set(Role.values)
    assert Permission.objects.filter(group__name=GROUP).exists()
    make_user("ada").groups.add(Group.objects.get(name=GROUP))
    Group.objects.get(name=GROUP).permissions.clear()
    empty(connection, founded)
    assert not User.objects.exists()
    assert filled(connection) == founded
    call_command("flush", interactive=False, verbosity=0)
    assert filled(connection) != founded
    empty(connection, founded)
    assert filled(connection) == founded
    assert ContentType.objects.get_for_model(User).pk in {row[0] for row in founded["django_content_type"]}
