"""The build step that bundles knowledge/ into a module."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from local.bundle_knowledge import (
    CONVERT,
    LEARNED,
    MAX_BUNDLED_BYTES,
    MAX_KNOWLEDGE_BYTES,
    ROOT,
    KnowledgeFolderError,
    bundle,
    load_directory,
    main,
    read_folder,
    write_if_changed,
)


def fill(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_markdown_is_read_in_order_and_other_files_are_skipped(tmp_path: Path) -> None:
    files = {"20-b.md": "B", "10-a.md": "\ufeffA", "more/c.md": "C"}
    skipped = {".hidden.md": "x", "_draft.md": "x", "_old/d.md": "x", ".git/e.md": "x", "notes.txt": "x"}
    documents = load_directory(fill(tmp_path, files | skipped))
    assert list(documents.items()) == [("10-a.md", "A"), ("20-b.md", "B"), ("more/c.md", "C")]


def test_files_that_are_not_read_are_reported_with_the_reason(tmp_path: Path) -> None:
    files = {"a.md": "x" * 1200, "B.MD": "B", "empty.md": " \n", "more/prices.pdf": "%PDF", "notes.txt": "N"}
    files["sound.mp3"] = "ID3"
    skipped = {"_draft.md": "x", "_old/d.md": "x", ".git/e.md": "x", ".git/HEAD": "x"}
    folder = fill(tmp_path / "knowledge", files | skipped)
    (folder / "link").symlink_to(fill(tmp_path / "elsewhere", {"c.md": "C"}), target_is_directory=True)
    read = read_folder(folder)
    assert list(read.documents) == ["B.MD", "a.md"]
    assert read.summary() == f"2 knowledge files, 1.2 KB, from {folder.as_posix()}"
    assert read.omissions() == (
        "Not read: .git (the name starts with .); _draft.md, _old (the name starts with _); "
        f"empty.md (empty); link (a link to a folder); more/prices.pdf, notes.txt ({CONVERT}); "
        "sound.mp3 (only .md files are read)"
    )


def test_report_names_ten_files_for_a_reason(tmp_path: Path) -> None:
    files = {f"{number:02}.mp3": "x" for number in range(12)}
    omissions = read_folder(fill(tmp_path, {"a.md": "A"} | files)).omissions()
    assert omissions.endswith("09.mp3 and 2 more (only .md files are read)")


def test_nothing_is_reported_if_everything_was_read(tmp_path: Path) -> None:
    assert read_folder(fill(tmp_path, {"a.md": "A"})).omissions() == ""


@pytest.mark.parametrize("files", [{}, {"a.txt": "text"}, {"a.md": " \n"}])
def test_folder_without_text_is_an_error(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(KnowledgeFolderError, match=r"Add at least one \.md file") as error:
        load_directory(fill(tmp_path, files))
    for name in files:
        assert f"Not read: {name} (" in str(error.value)


def test_file_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "nowhere.md")
    with pytest.raises(KnowledgeFolderError, match=r"a\.md cannot be read: No such file"):
        load_directory(tmp_path)


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeFolderError, match="nowhere"):
        load_directory(tmp_path / "nowhere")


def test_file_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("Caf\xe9".encode("latin-1"))
    with pytest.raises(KnowledgeFolderError, match=r"a\.md is not UTF-8 text \(byte 3\)"):
        load_directory(tmp_path)


def test_folder_over_the_limit_is_an_error(tmp_path: Path) -> None:
    fill(tmp_path, {"a.md": "x" * MAX_KNOWLEDGE_BYTES})
    assert load_directory(tmp_path)
    fill(tmp_path, {"b.md": "x"})
    with pytest.raises(KnowledgeFolderError, match=r"20\.0 MB, but the limit is 20 MB"):
        load_directory(tmp_path)


def test_module_holds_any_text_exactly(tmp_path: Path) -> None:
    documents = {"a.md": 'quotes \'" and """, \\n, {braces}\nnew line, é, 日本, \u2028\x00', "b.md": "b"}
    path = tmp_path / "bundle.py"
    assert write_if_changed(path, bundle(documents))
    assert runpy.run_path(str(path))["DOCUMENTS"] == documents
    assert path.read_bytes().isascii()


def test_large_documents_are_left_out_of_the_module(tmp_path: Path) -> None:
    documents = {"a.md": "x" * MAX_BUNDLED_BYTES, "_synonyms.txt": "a, b"}
    path = tmp_path / "bundle.py"
    write_if_changed(path, bundle(documents))
    module = runpy.run_path(str(path))
    assert module["DOCUMENTS"] == {"_synonyms.txt": "a, b"}
    assert module["SIZE"] == MAX_BUNDLED_BYTES + 4


def test_module_is_written_only_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "bundle.py"
    assert write_if_changed(path, bundle({"a.md": "A"}))
    before = path.stat().st_mtime_ns
    assert not write_if_changed(path, bundle({"a.md": "A"}))
    assert path.stat().st_mtime_ns == before


def test_command_reports_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(tmp_path / "knowledge", {"a.md": "x" * 1200, "b.md": "y" * 300})
    out = tmp_path / "bundle.py"
    arguments = ["--knowledge", str(folder), "--out", str(out)]
    assert main(arguments) == 0
    report = f"Bundled 2 knowledge files, 1.5 KB, from {folder.as_posix()}, into {out.as_posix()}"
    assert capsys.readouterr().out == f"{report}\n"
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"{report} (unchanged)\n"
    fill(folder, {"c.mp3": "C"})
    assert main(arguments) == 0
    not_read = "Not read: c.mp3 (only .md files are read)"
    assert capsys.readouterr().out == f"{report} (unchanged)\n{not_read}\n"


def test_command_fails_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "bundle.py"
    assert main(["--knowledge", str(tmp_path), "--out", str(out)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert not out.exists()


def test_broken_knowledge_does_not_stop_development(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRANGLER_COMMAND", "dev")
    out = tmp_path / "bundle.py"
    broken = tmp_path / "knowledge" / "a.md"
    broken.parent.mkdir()
    broken.write_bytes(b"Caf\xe9")
    arguments = ["--knowledge", str(broken.parent), "--out", str(out)]

    assert [main(arguments), main(arguments)] == [0, 0]
    printed = capsys.readouterr().err
    assert printed.count("a.md is not UTF-8") == printed.count("\n") == 1
    bundled = runpy.run_path(str(out))
    assert (bundled["DOCUMENTS"], bundled["PROBLEM"]) == ({}, printed.strip())

    an_hour_ago = out.stat().st_mtime - 3600
    os.utime(out, (an_hour_ago, an_hour_ago))
    main(arguments)
    assert "a.md is not UTF-8" in capsys.readouterr().err

    broken.write_text("Coffee")
    assert main(arguments) == 0
    bundled = runpy.run_path(str(out))
    assert (bundled["DOCUMENTS"], bundled["PROBLEM"]) == ({"a.md": "Coffee"}, None)


def test_broken_knowledge_stops_a_deployment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRANGLER_COMMAND", "deploy")
    (tmp_path / "a.md").write_bytes(b"\xff")
    out = tmp_path / "bundle.py"
    assert main(["--knowledge", str(tmp_path), "--out", str(out)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not out.exists()


def test_file_that_cannot_be_read_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("Coffee")

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(KnowledgeFolderError, match=r"a\.md cannot be read: Permission denied"):
        load_directory(tmp_path)


def test_script_runs_without_installed_packages(tmp_path: Path) -> None:
    script = ROOT / "local" / "bundle_knowledge.py"
    out = tmp_path / "bundle.py"
    # -I leaves out the working directory and user packages, -S site-packages.
    command = [sys.executable, "-I", "-S", str(script), "--out", str(out)]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.startswith("Bundled ")
    assert runpy.run_path(str(out))["DOCUMENTS"] == load_directory(ROOT / "knowledge")


def test_what_learn_could_not_read_is_reported(tmp_path: Path) -> None:
    folder = fill(tmp_path / "knowledge", {"a.md": "A", "prices.pdf": "%PDF"})
    scan = tmp_path / "scan.pdf"
    scan.write_text("%PDF")
    unreadable = {
        str(scan): "no text",
        str(tmp_path / "deleted.pdf"): "no text",
        "https://a.example/b": "locked",
    }
    state = {"pages": {str(folder / "prices.pdf"): {}}, "unreadable": unreadable}
    (folder / LEARNED).write_text(json.dumps(state))
    assert read_folder(folder).not_read == {str(scan): "no text", "https://a.example/b": "locked"}


@pytest.mark.parametrize("state", ["", "[]", "{", '{"pages": 1}', '{"pages": {}, "unreadable": [1]}'])
def test_damaged_memory_of_learn_is_ignored(tmp_path: Path, state: str) -> None:
    folder = fill(tmp_path, {"a.md": "A", LEARNED: state})
    assert read_folder(folder).not_read == {}
