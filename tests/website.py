"""The real website for faults and benches: gunicorn as deployed, on a PostgreSQL of its own that can be killed."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

import dj_database_url
import psutil
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from cohorts.models import Person
from programme.local.cluster import client
from programme.local.data_directory import LOOPBACK, DataDirectory, any_free_ports
from programme.local.postgres import Postgres
from programme.local.processes import end, launch, wait_for
from programme.local.programs import GRACE, gunicorn
from tests.database import make_template_once, template_name
from tests.workers import ROOT

CSRF = "a" * 32  # the cookie and the header say the same
SECONDS_TO_START = 90


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


@contextmanager
def own_postgres(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """A durable server with Django pointed at it. Copied from the tests' template: migrating takes minutes."""
    make_template_once()
    server = Postgres(DataDirectory.at(folder), settings=settings)
    server.start()
    before = {name: connection.settings_dict[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")}
    try:
        template = Postgres(DataDirectory.at(os.environ["DATA_DIR"])).url("postgres", template_name())
        dump = subprocess.run([client("pg_dump"), template], check=True, capture_output=True)
        fill = [client("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", server.url("postgres")]
        subprocess.run(fill, input=dump.stdout, check=True, capture_output=True)
        point_django_at(server)
        yield server
    finally:
        connection.close()
        connection.settings_dict.update(before)
        server.stop()


def point_django_at(server: Postgres) -> None:
    """Also after a restart: the port may be another one."""
    connection.close()
    found = dj_database_url.parse(server.url("embed90_owner"))
    connection.settings_dict.update({name: found[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")})


def own_address() -> str:
    """Of the database that this process tests in, for the role of the app."""
    server = Postgres(DataDirectory.at(os.environ["DATA_DIR"]))
    return server.url("embed90_app", connection.settings_dict["NAME"])


@contextmanager
def website(database: str, folder: Path, *, has_pages: bool = True, **more: str) -> Iterator["Website"]:
    """Two processes of eight threads, as `make run` and compose start them. What they log is in `folder`/web.log.

    `database` is its address, for the role of the app. Without `has_pages` it has no style sheets and the like.
    """
    (port,) = any_free_ports(1)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "programme.settings",
        "DATABASE_URL": database,
        "DATABASE_POOL": "true",
        "BASE_URL": f"http://{LOOPBACK}:{port}",
        "DATA_DIR": str(folder),
        "LOG_LEVEL": "WARNING",
        **more,
    }
    if has_pages:
        collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "web.log"
    command = [*gunicorn(workers=2), f"--bind={LOOPBACK}:{port}"]
    with log.open("wb") as output:
        process = launch(
            command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    site = Website(port, process.pid, log)
    try:
        assert wait_for(lambda: site.answers("/health/"), SECONDS_TO_START), log.read_text()
        yield site
    finally:
        end(process, GRACE)


class Website(NamedTuple):
    port: int
    pid: int
    log: Path

    def megabytes(self) -> float:
        """Of its processes together, what they do not share."""
        return sum(each.memory_full_info().uss for each in self._workers()) / 1e6

    def resident_megabytes(self) -> float:
        return sum(each.memory_info().rss for each in self._workers()) / 1e6

    def processor_seconds(self) -> float:
        """Of its processes together, since they began."""
        return sum(sum(each.cpu_times()[:2]) for each in self._workers())

    def _workers(self) -> list[psutil.Process]:
        return psutil.Process(self.pid).children()

    def get(self, path: str, session: str = "", **headers: str) -> Answer:
        return self._ask("GET", path, session, "", headers)

    def post(self, path: str, session: str, body: str, **headers: str) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF}
        return self._ask("POST", path, session, body, {**form, **headers})

    def answers(self, path: str) -> bool:
        try:
            return self.get(path).status == 200
        except (OSError, HTTPException):
            return False

    def _ask(self, method: str, path: str, session: str, body: str, headers: dict[str, str]) -> Answer:
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
        line = HTTPConnection(LOOPBACK, self.port, timeout=60)
        try:
            line.request(method, path, body or None, {"Cookie": cookies, **headers})
            answer = line.getresponse()
            return Answer(answer.status, dict(answer.headers), answer.read().decode())
        finally:
            line.close()


def signed_in(person: Person) -> str:
    """The key of a new session in which this person is signed in and has seen the welcome page."""
    store = SessionStore()
    store.update(
        {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: person.get_session_auth_hash(),
            "welcomed": True,
        }
    )
    store.create()
    return str(store.session_key)
