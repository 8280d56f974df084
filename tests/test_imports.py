"""What importing and serving must not load. Each in a process of its own."""

import subprocess
import sys

from bot import Bot, Settings
from tests.conftest import ROOT

HEAVY = ("torch", "transformers", "sentence_transformers")
LIBRARIES = (*HEAVY, "chromadb", "gradio", "langchain", "langchain_core", "onnxruntime")

SERVE = """
import sys
from fastapi.testclient import TestClient
from bot import Bot, Settings
from bot.web.api import create_app
bot = Bot.open(Settings(corpus_dir=sys.argv[1], var_dir=sys.argv[2]))
client = TestClient(create_app(bot))
assert client.get("/readyz").status_code == 200
assert client.post("/api/v1/chat", json={"message": "What is the default mode network?"}).json()["citations"]
from bot.web.ui import create_page
create_page(bot)
"""


def loaded_after(code: str, *given: str) -> set[str]:
    report = "\nimport sys\nsys.stdout.write(' '.join(sys.modules))"
    command = [sys.executable, "-c", code + report, *given]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_no_library() -> None:
    assert not loaded_after("import bot") & set(LIBRARIES)


def test_serving_from_a_built_index_loads_neither_torch_nor_its_kin(bot: Bot, settings: Settings) -> None:
    assert not loaded_after(SERVE, str(settings.corpus_dir), str(settings.var_dir)) & set(HEAVY)


def test_the_api_is_ready_before_gradio_is_imported() -> None:
    assert "gradio" not in loaded_after("import bot.web.serve")
