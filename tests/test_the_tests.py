"""What every test may rely on, whichever one its process had before; and that none of a browser looks only once."""

import ast
from collections.abc import Iterator
from pathlib import Path

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

HERE = Path(__file__).parent
# What says how it is just now. After a click or a key it may be so a little later: `expect` and `becomes` wait.
LOOKS_ONCE = {
    *("is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "is_editable", "get_attribute"),
    *("inner_text", "all_inner_texts", "all_text_contents", "text_content", "input_value", "inner_html"),
    *("evaluate", "evaluate_all", "bounding_box"),
}
FOUND_BY = {"locator", "frame_locator", "get_by_role", "get_by_text", "get_by_label"}


def looks(assertion: ast.Assert) -> Iterator[str]:
    """What it asks of a page without waiting: of a locator, of a script, or the page's address."""
    for node in ast.walk(assertion.test):
        match node:
            case ast.Call(func=ast.Attribute(attr="count", value=of)):
                if any(isinstance(one, ast.Attribute) and one.attr in FOUND_BY for one in ast.walk(of)):
                    yield "count"
            case ast.Call(func=ast.Attribute(attr=name)) if name in LOOKS_ONCE:
                yield name
            case ast.Attribute(value=ast.Name(id="page"), attr="url"):
                yield "url"


def test_no_test_of_a_browser_looks_only_once():
    """Where nothing may have changed, one look is meant: it compares with what was `before`, or says `# once: why`."""
    found = []
    for path in sorted(HERE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "playwright" not in text and path.parent.name != "browser":
            continue
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Assert) and (seen := [*looks(node)]):
                said = "\n".join(lines[node.lineno - 1 : node.end_lineno])
                if "# once:" not in said and not said.rstrip().endswith("== before"):
                    found.append(f"{path.relative_to(HERE)}:{node.lineno}: {', '.join(seen)}")
    assert found == []


@pytest.mark.django_db(transaction=True)
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
