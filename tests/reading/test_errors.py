"""What goes wrong is said on a page of ours, also when the database or the templates are what is wrong."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, OperationalError
from django.test import Client, RequestFactory
from django.urls import path

from newsreader.reading import errors
from newsreader.urls import handler400, handler403, handler404, handler500, urlpatterns

pytestmark = pytest.mark.django_db
HANDLERS = (handler400, handler403, handler404, handler500)


@login_not_required
def locked(request):
    raise OperationalError("database is locked")


@login_not_required
def broken(request):
    raise DatabaseError("a mistake of ours")


urlpatterns = [path("locked/", locked), path("broken/", broken), *urlpatterns]


@pytest.fixture
def patient():
    """A client that shows what a browser would get."""
    return Client(raise_request_exception=False)


@pytest.fixture
def no_templates(settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [], "APP_DIRS": False}]


@pytest.mark.urls(__name__)
def test_a_database_that_does_not_answer_is_a_503_that_says_when_to_come_back(patient):
    response = patient.get("/locked/")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "The library can’t be reached just now." in response.text
    assert patient.get("/broken/").status_code == 500


@pytest.mark.urls(__name__)
def test_the_page_of_a_500_needs_no_database_and_no_template(patient, no_templates):
    response = patient.get("/broken/")
    assert response.status_code == 500
    assert "<h1>Something broke on our side.</h1>" in response.text
    assert "style" not in response.text  # the policy would stop it


@pytest.mark.urls(__name__)
def test_no_page_for_an_error_asks_the_database(patient, django_assert_num_queries):
    with django_assert_num_queries(0):
        for address in ("/broken/", "/locked/"):
            assert "Back to the library" in patient.get(address).text


def test_more_than_the_server_takes_is_a_413(signed_in, ada, article, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = signed_in(ada).post(f"{article.get_absolute_url()}highlights/", {"note": "x" * 2000})
    assert response.status_code == 413
    assert "That is more than the server takes at once." in response.text


@pytest.mark.parametrize(
    ("handler", "status"),
    [(errors.missing, 404), (errors.forbidden, 403), (errors.bad_request, 400)],
)
def test_every_refusal_says_what_it_is_and_leads_back(handler, status):
    response = handler(RequestFactory().get("/"), Exception())
    assert response.status_code == status
    assert f"<span>{status}</span>" in response.text
    assert "Back to the library" in response.text
