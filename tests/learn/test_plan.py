"""Files, folders, and what the owner has done to the knowledge in the meantime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.bundle_knowledge import read_folder
from local.learn.sources import NotASource, parse_source
from tests.learn.files import pdf, price_list
from tests.learn.learning import Learner

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


@pytest.fixture
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with documents; names are shown relative to the folder above it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "hours.txt").write_text("Open on Mondays.")
    (folder / "tea.md").write_text("# Tea\n\nFour euros.")
    return folder


def test_folder_of_files(learner: Learner, documents: Path) -> None:
    rows = [("Cut", "30 min", "25"), ("Dry", "10 min", "9"), ("Dye", "90 min", "70")]
    (documents / "prices.pdf").write_bytes(price_list(rows, "Prices"))
    (documents / "scan.pdf").write_bytes(pdf([]))
    (documents / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (documents / "photo.jpg").write_bytes(b"\xff\xd8")
    (documents / "_draft.txt").write_text("Not yet.")
    learner.learn("docs")
    assert learner.sources() == ["docs/hours.txt", "docs/prices.pdf", "docs/tea.md"]
    assert 'title: "Hours"\nsource: "docs/hours.txt"' in learner.text_of("hours-txt.md")
    unreadable = {
        "docs/old.doc": "Word's old format: save it as .docx",
        "docs/photo.jpg": "only HTML, PDF, DOCX, TXT, CSV and Markdown are read",
        "docs/scan.pdf": "no text: its pages are images, probably scans",
    }
    assert learner.harvest.failed == unreadable
    assert read_folder(learner.folder).not_read == unreadable


def test_file_that_is_readable_at_last_is_not_reported_any_more(learner: Learner, documents: Path) -> None:
    (documents / "scan.pdf").write_bytes(pdf([]))
    learner.learn("docs")
    (documents / "scan.pdf").write_bytes(pdf([(60, 700, "Recognized.")]))
    learner.learn("docs/scan.pdf")
    assert read_folder(learner.folder).not_read == {}
    (documents / "scan.pdf").write_bytes(pdf([]))
    plan = learner.learn("docs")
    assert not plan.gone
    (documents / "scan.pdf").unlink()
    assert read_folder(learner.folder).not_read == {}


def test_changed_and_removed_files(learner: Learner, documents: Path) -> None:
    learner.learn("docs")
    (documents / "hours.txt").write_text("Open on Tuesdays.")
    (documents / "tea.md").unlink()
    plan = learner.learn("docs")
    assert (list(plan.changed), list(plan.gone)) == (["documents/hours-txt.md"], ["documents/tea-md.md"])
    assert list(learner.files()) == ["documents/hours-txt.md"]
    assert "Tuesdays" in learner.text_of("hours-txt.md")


def test_another_source_leaves_the_rest_alone(learner: Learner, documents: Path) -> None:
    learner.learn("docs")
    other = documents.parent / "more.txt"
    other.write_text("We take cards.")
    plan = learner.learn("more.txt")
    assert (list(plan.new), plan.gone) == (["documents/more-txt.md"], {})


def test_edited_files_stay(learner: Learner, documents: Path) -> None:
    learner.learn("docs")
    for name in ("hours-txt", "tea-md"):
        file = learner.folder / "documents" / f"{name}.md"
        file.write_text(file.read_text() + "\nMy own words.\n")
    assert learner.learn("docs").edited == []
    (documents / "hours.txt").write_text("Open on Tuesdays.")
    (documents / "tea.md").unlink()
    plan = learner.learn("docs")
    assert plan.edited == ["documents/hours-txt.md", "documents/tea-md.md"]
    assert not plan.changes
    assert all("My own words." in text for text in learner.files().values())


@pytest.mark.usefixtures("documents")
def test_deleted_files_are_written_again(learner: Learner) -> None:
    learner.learn("docs")
    (learner.folder / "documents" / "tea-md.md").unlink()
    plan = learner.learn("docs")
    assert (list(plan.new), plan.unchanged) == (["documents/tea-md.md"], 1)


@pytest.mark.usefixtures("documents")
def test_own_files_are_never_overwritten(learner: Learner) -> None:
    own = learner.folder / "documents" / "tea-md.md"
    own.parent.mkdir(parents=True)
    own.write_text("# My own tea")
    plan = learner.learn("docs")
    assert "documents/tea-md-2.md" in plan.new
    assert own.read_text() == "# My own tea"


@pytest.mark.usefixtures("documents")
def test_lost_memory_makes_no_second_copy(learner: Learner) -> None:
    learner.learn("docs")
    before = learner.files()
    (learner.folder / ".learned.json").write_text("{")
    learner.learn("docs")
    assert learner.files() == before


@pytest.mark.usefixtures("documents")
def test_knowledge_is_no_source_of_itself(learner: Learner) -> None:
    learner.learn("docs")
    (learner.folder / "notes.txt").write_text("We take cards.")
    learner.learn("knowledge")
    assert len(learner.files()) == 3
    # Its text is in the knowledge now, so the file is not reported as one that was not read.
    assert read_folder(learner.folder).not_read == {}


@pytest.mark.parametrize(
    ("text", "name", "is_site"),
    [
        ("https://www.example.com", "https://www.example.com/", True),
        ("example.com", "https://example.com/", True),
        ("localhost:8000", "http://localhost:8000/", True),
        ("example.com/prices", "https://example.com/prices", False),
        ("http://example.com/?page=2", "http://example.com/?page=2", False),
        ("docs", "docs", False),
        ("docs/tea.md", "docs/tea.md", False),
    ],
)
def test_sources(documents: Path, text: str, name: str, is_site: bool) -> None:  # noqa: FBT001 - a parameter of the test
    source = parse_source(text)
    assert (source.name, source.is_site) == (name, is_site)
    assert (source.path is not None) == (documents.parent / text).exists()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("prices.pdf", "There is no file or folder 'prices.pdf'."),
        ("nonsense", "There is no file or folder 'nonsense'."),
        ("", "There is no file or folder ''."),
        ("ftp://example.com/", "only http and https are read"),
        ("https://", "is not the address of a website"),
        ("file:///etc/passwd", "only http and https are read"),
    ],
)
def test_what_is_no_source(text: str, reason: str) -> None:
    with pytest.raises(NotASource) as caught:
        parse_source(text)
    assert reason in str(caught.value)
