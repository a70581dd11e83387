"""A server of one small country, of few days."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SMALL

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


@pytest.fixture(scope="package")
def client(country: Path) -> Iterator[Any]:
    """Speaks with the server as its own page does."""
    from starlette.testclient import TestClient

    from thermidor.page.server import application
    from thermidor.page.shared import Shared

    with TestClient(application(Shared({"small": str(country)}, 2), PORT), base_url=HERE) as made:
        yield made
