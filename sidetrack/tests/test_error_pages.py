"""What somebody reads when a page cannot be shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.test import Client, RequestFactory
from django.urls import include, path

from club.models import Phase
from club.tests.factories import WeekFactory
from sidetrack import error_pages
from sidetrack.urls import handler400, handler403, handler404, handler500  # noqa: F401  (this module is a URLconf)
from social.models import User


def break_down(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken on purpose")


def refuse(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def suspect(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


urlpatterns = [
    path("broken/", break_down),
    path("refused/", refuse),
    path("suspicious/", suspect),
    path("api/v1/broken", break_down),
    path("api/v1/refused", refuse),
    path("", include("sidetrack.urls")),
]


@pytest.fixture
def site(settings: Any, client: Client) -> Client:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
def test_a_missing_week_leads_to_the_nearest_one(client: Client) -> None:
    for number in (3, 8):
        WeekFactory(number=number, phase=Phase.CLOSED)
    for missing, nearest in [("/weeks/4/", 3), ("/weeks/999/", 8), ("/weeks/0006/", 8), ("/nothing/", 8)]:
        answer = client.get(missing)
        assert answer.status_code == 404
        page = answer.content.decode()
        assert f'href="/weeks/{nearest}/"' in page, missing
        assert answer["X-Request-ID"] in page


@pytest.mark.django_db
def test_before_the_first_week_a_missing_page_suggests_nothing(client: Client) -> None:
    page = client.get("/weeks/4/").content.decode()
    assert "No stop here" in page
    assert "Nearby" not in page


@pytest.mark.django_db
def test_a_refusal_tells_visitors_to_sign_in_and_members_not(site: Client, rin: User) -> None:
    page = site.get("/refused/")
    assert page.status_code == 403
    assert "/accounts/login/?next=/refused/" in page.content.decode()
    site.force_login(rin)
    assert "moderators, perhaps" in site.get("/refused/").content.decode()


@pytest.mark.parametrize(("address", "status"), [("/broken/", 500), ("/suspicious/", 400)])
def test_a_broken_page_needs_neither_database_nor_session(site: Client, address: str, status: int) -> None:
    answer = site.get(address, headers={"X-Request-ID": "find-me-in-the-logs"})
    assert answer.status_code == status
    page = answer.content.decode()
    assert "find-me-in-the-logs" in page
    assert 'class="wordmark"' in page
    assert "broken on purpose" not in page


@pytest.mark.django_db
def test_an_unknown_host_is_answered_in_words(site: Client) -> None:
    answer = site.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_the_last_page_holds_when_even_its_template_is_gone(settings: Any, rf: RequestFactory) -> None:
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": []}]
    with pytest.raises(TemplateDoesNotExist):
        error_pages.render_to_string("500.html")
    answer = error_pages.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert b"Something broke" in answer.content


@pytest.mark.django_db
def test_a_form_without_its_token_is_explained(settings: Any, rin: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(rin)
    answer = strict.post("/settings/appearance/", {"theme": "dark", "motion": "auto"})
    assert answer.status_code == 403
    assert "The form was open too long" in answer.content.decode()


@pytest.mark.django_db
def test_programs_are_answered_in_json(site: Client) -> None:
    for address, status, code in [
        ("/api/v1/broken", 500, "server_error"),
        ("/api/v1/refused", 403, "permission_denied"),
        ("/api/v1/nothing", 404, "not_found"),
    ]:
        answer = site.get(address)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.django_db
def test_too_many_passwords_read_a_page_of_the_site(client: Client, rin: User) -> None:
    for _ in range(30):
        answer = client.post("/accounts/login/", {"login": "rin", "password": "wrong"})
    answer = client.post("/accounts/login/", {"login": "rin", "password": "wrong"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    page = answer.content.decode()
    assert "Wait a minute" in page
    assert 'class="masthead"' in page
    assert answer["X-Request-ID"] in page
