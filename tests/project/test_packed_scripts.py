"""Our modules (chats, channels) are packed under names that may be cached for ever, and find each other by them."""

import re
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from sferum_admin.static_storage import StaticStorage
from tests.project.source import ROOT, assert_none

SOURCE = ROOT / "sferum_admin" / "static"


def packed(folder: Path, names: list[str]) -> dict[str, str]:
    """Pack the files `names` into `folder`; what each is called at the end of all rounds."""
    source = FileSystemStorage(SOURCE)
    storage = StaticStorage(location=folder, base_url="/static/")
    for name in names:
        with source.open(name) as file:
            storage.save(name, file)
    results = storage.post_process({name: (source, name) for name in names})
    made = {}
    for name, hashed, done in results:
        assert not isinstance(done, Exception), done
        made[name] = hashed
    return {name: made[name] for name in names}


@pytest.mark.parametrize(("folder", "known"), [("js/chat", "chat_view"), ("js/channels", "gallery")])
def test_modules_import_each_other_by_hashed_names(tmp_path: Path, folder: str, known: str) -> None:
    names = [f"{folder}/{path.name}" for path in sorted((SOURCE / folder).glob("*.js"))]
    made = packed(tmp_path, names)
    lost = [
        f"{hashed} imports {imported}"
        for hashed in made.values()
        for imported in re.findall(r'from\s*"\./([^"]+)"', (tmp_path / hashed).read_text(encoding="utf-8"))
        if f"{folder}/{imported}" not in made.values()
    ]
    assert_none(lost)
    page = (tmp_path / made[f"{folder}/page.js"]).read_text(encoding="utf-8")
    assert re.search(rf'from "\./{known}\.[0-9a-f]{{12}}\.js"', page)


def test_scripts_of_others_are_left_as_they_are(tmp_path: Path) -> None:
    """Packed by their makers in ways that a search for imports would misread."""
    name = "vendor/htmx-2.0.11/htmx.min.js"
    made = packed(tmp_path, [name])
    assert (tmp_path / made[name]).read_bytes() == (SOURCE / name).read_bytes()
