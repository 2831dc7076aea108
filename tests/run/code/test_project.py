"""Which file of the project a script or a source is: certainly that one, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from oauth_window_harness.run.code.project import Project

TEXT = "first line\nthe second line\nthird"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name, text in {
        "src/connect.ts": TEXT,
        "src/deep/index.ts": "one\ntwo\nthree",
        "lib/deep/index.ts": "one\nzwei\nthree",
        "public/app.js": TEXT,
        "templates/page.html": "<p>{{ name }}</p>\n<script>\nwindow.open(address)\n</script>",
        "src/deep/short.ts": "one line",
        "dist/app.js": TEXT,
        "node_modules/a/connect.ts": TEXT,
        ".cache/other.ts": TEXT,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "path"),
    [
        # A path from the folder on, with and without the text to compare.
        ("webpack:///./src/connect.ts", TEXT, "src/connect.ts"),
        ("../src/connect.ts", None, "src/connect.ts"),
        # A folder above it, or none: the end of the path is known, and the line is the same.
        ("webpack://shop/./src/connect.ts", TEXT, "src/connect.ts"),
        ("connect.ts", TEXT, "src/connect.ts"),
        ("http://localhost:3000/app.js", TEXT, "public/app.js"),
        ("frontend/src/deep/index.ts", "one\ntwo\nthree", "src/deep/index.ts"),
        ("index.ts", "one\nzwei\nthree", "lib/deep/index.ts"),
        # Lines end in another way.
        ("connect.ts", TEXT.replace("\n", "\r\n"), "src/connect.ts"),
        # The line is another one, or nothing but the name is known.
        ("src/connect.ts", "first line\nanother line", None),
        ("connect.ts", None, None),
        ("src/missing.ts", TEXT, None),
        # The file has no such line; nor is a name too long for a file an error.
        ("src/deep/short.ts", None, None),
        (f"src/{'x' * 300}.ts", TEXT, None),
        ("dist/app.js", None, None),
        # What was made, packages, and hidden files are none of the user's.
        ("other.ts", TEXT, None),
        # Nothing outside of the folder.
        ("file:///etc/hostname", None, None),
        ("../../../../etc/hostname", None, None),
        ("", TEXT, None),
    ],
)
def test_a_file_is_known_by_its_path_and_its_line(
    project: Project, name: str, text: str | None, path: str | None
) -> None:
    assert project.path_of(name, 2, text) == path


def test_an_absolute_path_in_the_folder_is_relative_to_it(project: Project, tmp_path: Path) -> None:
    assert project.path_of(f"file://{tmp_path}/src/connect.ts", 2, TEXT) == "src/connect.ts"


def test_of_two_that_fit_neither_is_told(project: Project, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/connect.ts").write_text(TEXT + "\nmore")
    assert project.path_of("connect.ts", 2, TEXT) == "src/connect.ts"  # the whole text is the same
    assert project.path_of("connect.ts", 2, TEXT + "\nneither") is None


def test_a_page_is_known_by_the_line_of_its_template(project: Project) -> None:
    served = "<p>Ann</p>\n<script>\nwindow.open(address)\n</script>"
    assert project.path_of("http://localhost/settings", 3, served, is_document=True) == "templates/page.html"
    assert project.path_of("http://localhost/settings", 1, served, is_document=True) is None
    assert project.path_of("http://localhost/settings", 3, served) is None
