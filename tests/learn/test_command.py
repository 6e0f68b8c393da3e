"""The command `learn`: what it says, asks and writes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from local.cli import cli
from local.environment import ROOT
from local.learn import command

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge folder; the current folder is the one above it, and has a file to learn from."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    (tmp_path / "hours.txt").write_text("Open on Mondays.")
    return tmp_path / "knowledge"


def learn(folder: Path, *arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["learn", "--knowledge", str(folder), *arguments], input=answer)


def test_report_and_yes(folder: Path) -> None:
    result = learn(folder, "hours.txt", "--yes")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "hours.txt: 1 file to learn from",
        "",
        "New: 1",
        "  documents/hours-txt.md",
        "Together, that is 1 file with 0 KB.",
        "Written. Try it: uv run voice-agent dev",
    ]
    assert (folder / "documents" / "hours-txt.md").exists()
    result = learn(folder, "hours.txt")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "There is nothing to write.")


def test_without_a_terminal_nothing_is_written(folder: Path) -> None:
    result = learn(folder, "hours.txt")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "because there is nobody to ask. To write without being asked, add --yes.\n"
    )
    assert not folder.exists()


@pytest.mark.parametrize(("answer", "written"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_the_owner_is_asked(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    written: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    monkeypatch.setattr(command, "_can_ask", lambda: True)
    result = learn(folder, "hours.txt", answer=answer)
    assert f"Write this to {folder}? [y/N]" in result.stdout
    assert folder.exists() is written
    assert result.exit_code == 0


def test_nothing_at_a_source(folder: Path) -> None:
    (folder.parent / "scan.pdf").write_bytes(b"%PDF-1.4")
    result = learn(folder, "scan.pdf", "--yes")
    assert result.exit_code == 1
    assert "Could not be read: scan.pdf (damaged" in result.stdout
    assert result.stdout.endswith("There is nothing to write.\n")


def test_no_source(folder: Path) -> None:
    result = learn(folder, "missing.pdf")
    assert result.exit_code == 1
    assert result.stderr.startswith("There is no file or folder 'missing.pdf'.")


def test_files_of_others_are_pointed_out(folder: Path) -> None:
    folder.mkdir()
    (folder / "00-about.md").write_text("# About Thistledesk\n\nBooking.")
    (folder / "_draft.md").write_text("Draft")
    result = learn(folder, "hours.txt", "--yes")
    assert "also answers from 1 file that came from elsewhere: 00-about.md. Delete those" in result.stdout


def test_too_much_knowledge_is_said_before_it_is_written(folder: Path) -> None:
    blog = folder.parent / "blog"
    blog.mkdir()
    for number in range(3):
        (blog / f"{number}.txt").write_text(f"Post {number}. {'word ' * 12_000}")
    result = learn(folder, "blog")
    assert "with 180 KB." in result.stdout
    assert "That is more than the 160 KB that are sent with every question" in result.stdout
    assert "The largest parts: documents/ (180 KB)" in result.stdout


def test_long_lists_are_cut_unless_all_is_wanted(folder: Path) -> None:
    notes = folder.parent / "notes"
    notes.mkdir()
    for number in range(13):
        (notes / f"{number:02}.txt").write_text(f"Note {number} is about {number * 7}.")
    assert "documents/10-txt.md" not in learn(folder, "notes").stdout
    assert "  … and 3 more (--all names them)" in learn(folder, "notes").stdout
    assert "documents/10-txt.md" in learn(folder, "notes", "--all").stdout


def test_folder_that_cannot_be_written_to(folder: Path) -> None:
    folder.write_text("a file")
    result = learn(folder, "hours.txt", "--yes")
    assert result.exit_code != 0
    assert "Traceback" not in result.output


def test_packages_are_fetched_and_the_command_started_again(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\necho "$@"\n', "utf-8")
    uv.chmod(0o755)
    script = (
        "import sys; from local.dependency_group import run_with_group; "
        "run_with_group('learn', 'no_such_package', ['voice-agent', *sys.argv[1:]], notice='Fetching …')"
    )
    shell = [sys.executable, "-c", script, "learn", "a b", "--yes"]
    ran = subprocess.run(
        shell, env={"UV": str(uv), "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    assert ran.stdout == f"run --project {ROOT} --group learn voice-agent learn a b --yes\n"
    assert ran.stderr == "Fetching …\n"
    nowhere = {"UV": str(tmp_path / "none"), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(shell, env=nowhere, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.endswith("This needs uv, to install the dependency group 'learn': pip install uv\n")
