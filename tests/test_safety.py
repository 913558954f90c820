"""What keeps strangers' words from acting: policy headers, no inline code, tokens on every POST, closed cookies."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from newsreader.articles.models import Collection
from newsreader.articles.services import topic_named
from tests.factories import PASSWORD, make_article, mark
from tests.urls import addresses, example, patterns

ROOT = Path(settings.BASE_DIR)
PEOPLE = ("nobody", "ada", "cleo", "operator")


@pytest.fixture
def things(ada):
    article = make_article()
    article.topics.add(topic_named("Sea"))
    Collection.objects.create(name="First", slug="first").items.create(article=article)
    return {"article": article, "passage": mark(article, ada, "forty", note="n", tags=["sea"]), "reader": ada}


def signed_in_as(request, who, **options):
    client = Client(**options)
    if who != "nobody":
        client.force_login(request.getfixturevalue(who))
    return client


# The policy


def directives(response):
    policy = response.headers["Content-Security-Policy"]
    return {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}


# The preview beside an article's form at the desk: a page that stands in a frame of that form, and runs nothing.
FRAME = {"script-src": ["'none'"], "connect-src": ["'none'"], "frame-ancestors": ["'self'"]}
FRAMED = "admin:articles_article_frame"
HOLDS_IT = {"admin:articles_article_change", "admin:articles_article_add"}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_has_a_policy_that_allows_nothing_inline(request, things, who):
    client = signed_in_as(request, who)
    codes = set()
    for name, address in [*addresses(get_resolver(), **things), ("missing", "/no/such/page/"), ("bad", "/%ff/")]:
        response = client.get(address)
        codes.add(response.status_code)
        told, may_be_framed = directives(response), name == FRAMED and response.status_code == 200
        if may_be_framed:
            assert {directive: told[directive] for directive in FRAME} == FRAME
            told |= {"script-src": ["'self'"], "connect-src": ["'self'"], "frame-ancestors": ["'none'"]}
        if name in HOLDS_IT and "frame-src" in told:
            assert told.pop("frame-src") == ["'self'"]
        assert told["default-src"] == ["'none'"], name
        assert told["script-src"] == told["style-src"] == told["connect-src"] == told["form-action"] == ["'self'"], name
        assert told["base-uri"] == told["frame-ancestors"] == ["'none'"], name
        assert set(told) <= {
            *("default-src", "script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"),
            *("base-uri", "frame-ancestors", "manifest-src", "worker-src"),
        }, name
        for values in told.values():
            assert set(values) <= {"'none'", "'self'", "data:"}, (name, values)
        assert "data:" not in told["script-src"]
        assert response.headers["X-Content-Type-Options"] == "nosniff", name
        assert response.headers["X-Frame-Options"] == ("SAMEORIGIN" if may_be_framed else "DENY"), name
        assert response.headers["Referrer-Policy"] == "same-origin", name
        assert "Content-Security-Policy-Report-Only" not in response.headers, name
    assert {200, 404} <= codes


def test_htmx_is_told_to_run_nothing_that_comes_in_a_page(client, things):
    page = client.get("/").content.decode()
    for told in (
        '"allowEval":false',
        '"allowScriptTags":false',
        '"includeIndicatorStyles":false',
        '"selfRequestsOnly":true',
        '"historyCacheSize":0',
    ):
        assert told in page


# The tree

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
PYTHON = sorted((ROOT / "newsreader").rglob("*.py"))
TRUSTING = ROOT / "newsreader/reading/templatetags/reading.py"
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
NOT_IN_TEMPLATES = {
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an inline style": r"<style\b|\sstyle\s*=",
    "an event handler": r"\son[a-z]+\s*=|\bhx-on\b",
    "a javascript: address": r"javascript:",
    "evaluated values": r"hx-vals\s*=\s*['\"]\s*js:|hx-vars\b",
    "a trigger filter, which needs eval": r"hx-trigger\s*=\s*\"[^\"]*\[",
    "trusted text": r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off",
    "somebody else's server": r"(?:src|href|action|srcset)\s*=\s*[\"'](?:https?:)?//",
}
NOT_IN_SCRIPTS = {
    "markup made of strings": r"\.(?:innerHTML|outerHTML)\s*\+?=|insertAdjacentHTML|document\.write",
    "evaluated strings": r"\beval\s*\(|new Function\b|setTimeout\(\s*['\"`]",
    "an inline style": r"setAttribute\(\s*['\"]style|\.cssText\b",
    "an event handler as an attribute": r"setAttribute\(\s*['\"]on",
}
NOT_IN_PYTHON = {
    "trusted text": r"\bmark_safe\b|\bSafeString\(|__html__",
    "a POST without a token": r"csrf_exempt",
    "a page without a policy": r"csp_exempt|csp_update|csp_replace|xframe_options_exempt",
}


def found(paths, rules, *, strip=None):
    """[“path: rule”] of every file that has what it must not have."""
    lines = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        text = strip.sub("", text) if strip else text
        lines += [
            f"{path.relative_to(ROOT)}: {rule}" for rule, sign in rules.items() if re.search(sign, text, re.IGNORECASE)
        ]
    return lines


def test_no_template_has_anything_inline_or_trusts_text():
    assert len(TEMPLATES) > 30
    assert found(TEMPLATES, NOT_IN_TEMPLATES, strip=COMMENT) == []


def test_no_script_makes_markup_of_strings_or_evaluates_them():
    assert len(SCRIPTS) > 10
    assert found(SCRIPTS, NOT_IN_SCRIPTS) == []


def test_one_place_trusts_html_and_no_view_goes_without_token_or_policy():
    # Two open the policy for one thing each, which their own tests say: a preview's frame, one picture's host.
    two = ("desk/looking.py", "reading/pages/picture.py")
    opening = {f"newsreader/{path}: a page without a policy" for path in two}
    assert set(found([path for path in PYTHON if path != TRUSTING], NOT_IN_PYTHON)) == opening
    assert len(re.findall(r"(?<!import SafeString, )\bmark_safe\(", TRUSTING.read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize(
    ("rules", "bad"),
    [
        (NOT_IN_TEMPLATES, "<script>x()</script>"),
        (NOT_IN_TEMPLATES, '<p style="x">'),
        (NOT_IN_TEMPLATES, '<p onclick="x()">'),
        (NOT_IN_TEMPLATES, '<p hx-on:click="x()">'),
        (NOT_IN_TEMPLATES, "{{ x|safe }}"),
        (NOT_IN_TEMPLATES, '<script src="https://cdn.example/x.js">'),
        (NOT_IN_SCRIPTS, "el.innerHTML = words"),
        (NOT_IN_SCRIPTS, "eval(words)"),
        (NOT_IN_PYTHON, "return mark_safe(x)"),
        (NOT_IN_PYTHON, "@csrf_exempt"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_signs_find_what_they_are_for(rules, bad):
    assert [sign for sign in rules.values() if re.search(sign, bad, re.IGNORECASE)]


def test_every_place_of_trusted_html_is_inside_hx_disable_or_a_block_of_the_article():
    """`cleaned` comes out inside of what htmx is told to leave alone, or replaces a block that stands in there."""
    whole = re.compile(r"<div hx-disable>\s*<article [^\n]*\{\{ woven\|cleaned \}\}</article>\s*</div>")
    loose = []
    for path in TEMPLATES:
        text = whole.sub("", COMMENT.sub("", path.read_text(encoding="utf-8")))
        loose += [path.name for line in text.splitlines() if "|cleaned" in line and "hx-disable" not in line]
    # What replaces blocks of an article that a page shows, inside of its hx-disable.
    assert set(loose) == {"_blocks.html"}


# Tokens


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["form", "htmx"])
@pytest.mark.parametrize("who", PEOPLE)
def test_no_post_goes_through_without_its_token(request, things, who, headers):
    client = signed_in_as(request, who, enforce_csrf_checks=True)
    for name, route, _ in patterns(get_resolver()):
        response = client.post(example(name, route, **things), {"note": "x"}, headers=headers)
        assert response.status_code == 403, (name or route, response.status_code)


@pytest.mark.django_db
def test_a_token_of_another_session_opens_nothing(ada, ben, things):
    client, other = (Client(enforce_csrf_checks=True) for _ in range(2))
    client.force_login(ada)
    other.force_login(ben)
    page = other.get(things["article"].get_absolute_url()).content.decode()
    client.get("/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    address = f"/articles/{things['article'].slug}/state/"
    assert client.post(address, {"place": "later", "csrfmiddlewaretoken": token}).status_code == 403


@pytest.mark.parametrize("by", ["form", "header"])
def test_with_its_token_it_goes_through_as_the_page_sends_it(request, things, by):
    client = signed_in_as(request, "ada", enforce_csrf_checks=True)
    page = client.get(things["article"].get_absolute_url()).content.decode()
    address = f"/articles/{things['article'].slug}/state/"
    if by == "form":
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        response = client.post(address, {"place": "later", "csrfmiddlewaretoken": token})
        assert response.status_code == 303
    else:
        token = re.search(r"""hx-headers='\{"X-CSRFToken": "(\w+)"\}'""", page)[1]
        headers = {"X-CSRFToken": token, "HX-Request": "true"}
        assert client.post(address, {"place": "later"}, headers=headers).status_code == 200


def test_every_form_that_posts_carries_a_token():
    for path in TEMPLATES:
        text = COMMENT.sub("", path.read_text(encoding="utf-8"))
        for form in re.findall(r"<form\b[^>]*method=\"post\"[^\n]*(?:\n.*?)*?</form>", text):
            assert "{% csrf_token %}" in form or 'name="csrfmiddlewaretoken" value="{{' in form, path


# Cookies


def test_cookies_are_closed_to_scripts_and_other_sites(client, ada):
    client.get("/accounts/sign-in/")
    response = client.post("/accounts/sign-in/", {"username": "ada", "password": PASSWORD})
    assert response.status_code == 303
    assert {"sessionid", "csrftoken"} <= set(client.cookies)
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert not cookie["domain"], name
    assert settings.SESSION_COOKIE_SECURE == settings.CSRF_COOKIE_SECURE == settings.HTTPS


@pytest.mark.django_db
def test_over_https_every_cookie_is_secure(client, ada, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client.get("/accounts/sign-in/", secure=True)
    client.post("/accounts/sign-in/", {"username": "ada", "password": PASSWORD}, secure=True)
    assert len(client.cookies) >= 2
    for name, cookie in client.cookies.items():
        assert cookie["secure"], name


def test_a_page_that_only_shows_published_articles_starts_no_session(client, things):
    client.get(things["article"].get_absolute_url())
    assert "sessionid" not in client.cookies
