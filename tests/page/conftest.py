"""A server of one small country, of few days."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SMALL
from tests.page.served import served
from tests.test_report_browser import chromium

pytest.importorskip("starlette", reason="pip install thermidor[web]")
pytest.importorskip("httpx", reason="pip install httpx")

PORT = 8020
HERE = f"http://127.0.0.1:{PORT}"


@pytest.fixture(scope="package")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the country: twelve days, so that 200 futures take a moment."""
    path = tmp_path_factory.mktemp("page") / "small.yaml"
    own = "assumptions:\n  citizens.opposition: {value: 0.7, low: 0.6, high: 0.85}\n"
    text = SMALL.replace("days: 60", "days: 12").replace("assumptions:\n", own)
    path.write_text(text, encoding="utf-8")
    return path


browser = pytest.fixture(chromium, scope="package", name="browser")


@pytest.fixture(scope="package")
def shared(country: Path) -> Any:
    """What a server in a browser has: the small country, once more as that of the lesson."""
    from thermidor.page.guide.lesson import COUNTRY
    from thermidor.page.shared import Shared

    return Shared({"small": str(country), COUNTRY: str(country)}, 2)


@pytest.fixture(scope="package")
def address(shared: Any) -> Iterator[str]:
    """Where it answers."""
    with served(shared) as at:
        yield at


@pytest.fixture(scope="package")
def client(country: Path) -> Iterator[Any]:
    """Speaks with the server as its own page does."""
    from starlette.testclient import TestClient

    from thermidor.page.server import application
    from thermidor.page.shared import Shared

    with TestClient(application(Shared({"small": str(country)}, 2), PORT), base_url=HERE) as made:
        yield made
