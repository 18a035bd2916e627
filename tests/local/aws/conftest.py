from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

import pytest
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer

from mesh_infra.local.aws import extend
from mesh_infra.local.aws.application import LocalAwsApplication
from mesh_infra.local.aws.calls import Recorder
from tests.local.aws.account import ANALYST, Account, table_input


class Quiet(MotoRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@pytest.fixture(scope="session")
def calls_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calls") / "calls.ndjson"


@pytest.fixture(scope="session")
def endpoint(calls_file: Path) -> Iterator[str]:
    extend()
    server = ThreadedWSGIServer("127.0.0.1", 0, LocalAwsApplication("me", Recorder(calls_file)), Quiet)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture(scope="session")
def _clients(endpoint: str) -> Account:
    return Account(endpoint)


@pytest.fixture
def account(endpoint: str, _clients: Account) -> Account:
    """A new account, in which there is nothing."""
    urlopen(Request(f"{endpoint}/moto-api/reset", method="POST")).close()  # noqa: S310 - this machine
    return _clients


@pytest.fixture
def sales(account: Account) -> Account:
    """An account that Lake Formation governs, with the table sales.orders_v1 and the role analyst."""
    account.govern()
    account["glue"].create_database(DatabaseInput={"Name": "sales"})
    account["glue"].create_table(DatabaseName="sales", TableInput=table_input("orders_v1"))
    assert account.role("analyst") == ANALYST
    return account
