"""Two web machines behind a real nginx with docs/examples/nginx.conf: they share the database and nothing else.

Part of make test-postgres, where an nginx can be had.
"""

import http.client
import re
import shutil
import ssl
import subprocess
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from scripts.nginx import find, media_types
from scripts.postgres import HOST, PATIENCE, free_port
from scripts.postgres import cluster as throw_away
from tests.operations.conftest import ROOT
from tests.operations.team import Visitor, ask, environment_of, prepare, site, until

NGINX = find()
pytestmark = [
    pytest.mark.only_on("postgresql"),
    pytest.mark.skipif(NGINX is None, reason="there is no nginx"),
]
URL = "https://news.example.org"
AROUND = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1; events {{}}
http {{
    access_log off; include {media_types};
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/newsreader.conf;
}}
"""


@contextmanager
def nginx(folder: Path, *ports: int):
    """nginx with the example, its names and ports replaced by those of this machine; the https port."""
    plain, port = free_port(), free_port()
    text = (ROOT / "docs/examples/nginx.conf").read_text()
    for number, web in enumerate(ports, 1):
        text = text.replace(f"web{number}.internal:8000", f"{HOST}:{web}")
    text = text.replace("listen 80;", f"listen {HOST}:{plain};").replace("listen 443 ", f"listen {HOST}:{port} ")
    text = text.replace("/etc/ssl/newsreader", str(folder))
    (folder / "newsreader.conf").write_text(text)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, media_types=media_types()))
    openssl = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=news.example.org"
    )
    subprocess.run(
        [*openssl.split(), "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    command = [NGINX, "-e", folder / "nginx.log", "-p", folder, "-c", folder / "nginx.conf"]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert "test is successful" in tested.stderr, tested.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            until(lambda: (folder / "nginx.pid").exists() and (folder / "nginx.pid").read_text())
            yield plain, port
        finally:
            server.terminate()
            server.wait(PATIENCE)


@pytest.fixture(scope="module")
def team(first_start, tmp_path_factory):
    """(the cluster, two machines, nginx's ports); a folder of its own for each machine."""
    folder = tmp_path_factory.mktemp("machines")
    with ExitStack() as stack:
        cluster = stack.enter_context(throw_away())
        machines = []
        for name in ("web1", "web2"):
            shutil.copytree(first_start, folder / name / "var")
            (folder / name / f"var/static/css/of-{name}.0123456789ab.css").write_text(name)
            slug = slug if machines else prepare(cluster.primary.url, folder / name / "var")  # noqa: F821
            environment = environment_of(cluster, folder / name / "var") | {"NEWSREADER_URL": URL}
            machines.append(stack.enter_context(site(environment, folder / name, slug)))
        ports = stack.enter_context(nginx(folder, *(machine.port for machine in machines)))
        yield cluster, machines, ports, folder


class Outside(Visitor):
    """A visitor from outside, by https."""

    context = ssl._create_unverified_context()


@pytest.fixture
def visitor(team):
    _, machines, (_, port), _ = team
    return outside(port, machines[0].slug)


def outside(port, slug):
    return Outside(f"https://{HOST}:{port}", slug, headers={"Referer": f"{URL}/"})  # as browsers send it


def test_a_reader_is_the_same_on_every_machine(visitor, team):
    visitor.sign_in("ada")
    visitor.mark("Rope, two coils", "written on one machine")
    assert all("written on one machine" in visitor.get("/notebook/") for _ in range(8))
    assert visitor.open("/notebook/").headers["Strict-Transport-Security"]
    assert {cookie.name for cookie in visitor.jar if not cookie.secure} == set()


def test_http_is_sent_to_https(team):
    _, _, (plain, _), _ = team
    with closing(http.client.HTTPConnection(HOST, plain, timeout=PATIENCE)) as connection:
        connection.request("GET", "/search/?q=a", headers={"Host": "news.example.org"})
        answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"{URL}/search/?q=a")


def test_guesses_count_over_all_machines_by_the_address_that_nginx_saw(visitor, team):
    """Whatever address the visitor claims."""
    for number in range(6):
        visitor.headers["X-Forwarded-For"] = f"192.0.2.{number}"
        answer = visitor.send("/accounts/sign-in/", "/accounts/sign-in/", username="ben", password="a wrong guess")
    assert answer.status == 429
    cluster, *_ = team
    ask(cluster.primary, "DELETE FROM accounts_attempt")


def test_files_of_another_version_come_from_the_machine_that_has_them(visitor):
    for name in ("web1", "web2"):
        assert [visitor.open(f"/static/css/of-{name}.0123456789ab.css").text for _ in range(4)] == [name] * 4
    page = visitor.get("/")
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        assert visitor.open(address).status == 200


def test_a_machine_that_is_gone_costs_no_reader_a_page(visitor, team):
    _, machines, _, folder = team
    (folder / "gone").mkdir()
    with nginx(folder / "gone", machines[0].port, free_port()) as (_, port):
        reader = outside(port, visitor.slug)
        assert all("piano" in reader.get(f"/articles/{visitor.slug}/") for _ in range(10))


def test_healthz_goes_through(visitor):
    assert visitor.get("/healthz").startswith('{"primary": "ok", "worker": ')
