"""The wheel, installed in a new environment, serves the page with every file of it."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from thermidor.page.assets import assets

pytestmark = pytest.mark.slow  # pip and a wheel; .ci/run runs it
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the wheel; what it depends on is this environment's."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(place), str(ROOT)]
    made = subprocess.run(build, capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no wheel can be built here: {made.stderr.strip()[-200:]}")
    (wheel,) = place.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place / "env"], check=True)
    python = place / "env" / "bin" / "python"
    (here,) = (place / "env" / "lib").glob("python*/site-packages")
    (here / "others.pth").write_text("\n".join(site.getsitepackages()) + "\n", encoding="utf-8")
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", here, wheel]
    subprocess.run(install, check=True, capture_output=True)
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"PYTHONUNBUFFERED": "1"}
    command = [python, "-m", "thermidor", "serve", "first-steps", "--port", "0"]
    server = subprocess.Popen(command, cwd=place, env=env, stdout=subprocess.PIPE, text=True)
    assert server.stdout
    yield server.stdout.readline().split()[1]
    server.terminate()
    server.wait(10)


def test_it_serves_every_file_and_the_model(installed: str) -> None:
    with httpx.Client(base_url=installed, timeout=60) as client:
        for _ in range(200):
            try:
                client.get("/")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        for path, asset in assets().items():
            assert client.get(f"/{path}").content == asset.body, path
        told = client.get("/api/model").json()
        assert told["model"]["country"] == "first-steps" and told["lesson"]["steps"]
