"""``oauth-window init``: what it sees in a folder, what it writes there, and that it changes nothing that is there."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest
import yaml

from oauth_window_harness.init.project import project_in
from oauth_window_harness.run.configuration import read_configuration
from tests.commands import InProcess
from tests.paths import PACKAGE

CONFIGURATION, IGNORED = "oauth-window.toml", ".gitignore"
WORKFLOW, PIPELINE = ".github/workflows/oauth-window.yml", ".gitlab-ci.yml"
PART = "oauth-window.gitlab-ci.yml"
PYTHON_TEST, NODE_TEST = "tests/test_oauth_window.py", "test/oauth-window-test.mjs"
PAGE = "http://localhost:3000/settings"


@pytest.fixture
def folder(in_process: InProcess) -> Path:
    return in_process.folder


def files_in(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def told(text: str, word: str) -> list[str]:
    """Return what stands behind a word at the beginning of the lines."""
    lines = [line.partition(":") for line in text.splitlines()]
    return [rest.strip() for head, _, rest in lines if head == word]


# --- what a folder is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "language"),
    [
        ({}, None),
        ({"README.md": ""}, None),
        ({"requirements.txt": "flask"}, "python"),
        ({"pyproject.toml": ""}, "python"),
        ({"setup.py": ""}, "python"),
        ({"manage.py": ""}, "python"),
        ({"Pipfile": ""}, "python"),
        ({"package.json": "{}"}, "node"),
        ({"package.json": "{ not JSON"}, "node"),
        ({"package.json": "[]"}, "node"),
        ({"package.json": '{"scripts": 1, "dependencies": []}'}, "node"),
        ({"package.json": "{}", "requirements.txt": ""}, "python"),
    ],
)
def test_the_language_is_that_of_the_project_s_own_files(
    tmp_path: Path, files: dict[str, str], language: str | None
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert project_in(tmp_path).language == language
    assert project_in(tmp_path, "node").language == "node"


@pytest.mark.parametrize(
    ("files", "install"),
    [
        ({"package.json": "{}"}, "npm install"),
        ({"package.json": "{}", "package-lock.json": "{}"}, "npm ci"),
        ({"package.json": "{}", "yarn.lock": ""}, "corepack enable && yarn install --frozen-lockfile"),
        ({"package.json": "{}", "pnpm-lock.yaml": ""}, "corepack enable && pnpm install --frozen-lockfile"),
        ({"requirements.txt": ""}, "pip install --requirement requirements.txt"),
        ({"pyproject.toml": '[project]\nname = "shop"'}, "pip install ."),
        ({"pyproject.toml": "[tool.ruff]"}, None),
        ({"pyproject.toml": "[not TOML"}, None),
        ({"manage.py": ""}, None),
    ],
)
def test_the_workflow_installs_the_app_as_the_project_does(
    in_process: InProcess, folder: Path, files: dict[str, str], install: str | None
) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)
    assert project_in(folder).install == install
    assert in_process("init").returncode == 0
    steps = yaml.safe_load((folder / WORKFLOW).read_text())["jobs"]["scenarios"]["steps"]
    runs = [step["run"] for step in steps if "run" in step and "name" not in step]
    assert runs == [
        *([install] if install else []),
        'pip install "$HARNESS"',
        "playwright install --with-deps ${BROWSER#all}",
    ]


@pytest.mark.parametrize(
    ("files", "command", "port"),
    [
        ({"requirements.txt": "Flask==3"}, "flask --app app run", 5000),
        ({"pyproject.toml": 'dependencies = ["django"]'}, "python manage.py runserver", 8000),
        ({"requirements.txt": "fastapi"}, "uvicorn main:app", 8000),
        ({"package.json": '{"scripts": {"dev": "vite"}, "devDependencies": {"vite": "6"}}'}, "npm run dev", 5173),
        ({"package.json": '{"scripts": {"start": "x"}}'}, "npm start", 3000),
    ],
)
def test_the_lines_to_be_filled_in_are_near_to_what_the_project_is(
    in_process: InProcess, folder: Path, files: dict[str, str], command: str, port: int
) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)
    in_process("init")
    text = (folder / CONFIGURATION).read_text()
    assert f'# app = "http://localhost:{port}/settings"\n' in text
    assert f'# app-command = "{command}"\n' in text
    assert tomllib.loads(text) == {}


@pytest.mark.parametrize("sign", [PIPELINE, ".git/config"])
def test_a_project_on_gitlab_gets_gitlab_s_workflow(in_process: InProcess, folder: Path, sign: str) -> None:
    (folder / ".git").mkdir()
    (folder / sign).write_text('[remote "origin"]\n\turl = git@gitlab.com:shop/shop.git\n')
    (folder / "requirements.txt").write_text("")
    done = in_process("init")
    deed = "kept" if sign == PIPELINE else "wrote"
    assert any(line.startswith(PIPELINE) for line in told(done.stdout, deed))
    assert not (folder / WORKFLOW).exists()


def test_a_pipeline_that_is_there_is_told_to_include_the_workflow_until_it_does(
    in_process: InProcess, folder: Path
) -> None:
    """What GitLab reads is one file, and that one is the user's."""
    mine = "test:\n  script: [make]\n"
    (folder / PIPELINE).write_text(mine)
    (folder / "requirements.txt").write_text("")
    done = in_process("init", "--app", PAGE, "--app-command", "make serve")
    assert (folder / PIPELINE).read_text() == mine
    assert PART in told(done.stdout, "wrote")
    assert "scenarios" in yaml.safe_load((folder / PART).read_text())
    (line,) = told(done.stdout, "to do")
    before, _, rest = line.partition(": ")
    include, _, stages = rest.partition("; ")
    assert (before, stages) == (f"add to {PIPELINE}", "where it lists stages, they need test and report")
    assert yaml.safe_load(include) == {"include": [{"local": f"/{PART}"}]}
    assert told(in_process("init").stdout, "to do") == [line]
    (folder / PIPELINE).write_text(f"{include}\n{mine}")
    assert told(in_process("init").stdout, "to do") == []


def test_a_pipeline_at_the_top_includes_the_workflow_of_a_folder_inside(in_process: InProcess, folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / PIPELINE).write_text("test:\n  script: [make]\n")
    inner = in_process.folder = folder / "web"
    inner.mkdir()
    (inner / "package.json").write_text("{}")
    done = in_process("init", "--app", PAGE, "--app-command", "npm start")
    assert (inner / PART).exists()
    (line,) = told(done.stdout, "to do")
    assert line.startswith(f"add to {folder / PIPELINE}: include: [{{local: /web/{PART}}}], and let its jobs work")


def test_a_folder_inside_of_a_repository_is_told_where_workflows_are_read(
    in_process: InProcess, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".git").mkdir()
    inner = in_process.folder = folder / "web"
    inner.mkdir()
    (inner / "package.json").write_text("{}")
    done = in_process("init", "--app", PAGE, "--app-command", "npm start")
    assert told(done.stdout, "to do") == [
        f"move the workflow to the top of the repository, {folder}, and let it work in this folder"
    ]


# --- what is written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sign", "test", "following"),
    [
        ("requirements.txt", PYTHON_TEST, f"pytest {PYTHON_TEST}"),
        ("package.json", NODE_TEST, f"node --test {NODE_TEST}"),
    ],
)
def test_it_writes_what_a_project_begins_with_and_tells_the_next_command(
    in_process: InProcess, folder: Path, sign: str, test: str, following: str
) -> None:
    (folder / sign).write_text("")
    done = in_process("init", "--app", PAGE, "--app-command", "start 'my app'")
    assert (done.returncode, done.stderr) == (0, "")
    assert set(files_in(folder)) == {sign, CONFIGURATION, test, WORKFLOW, IGNORED}
    assert [line.partition(",")[0] for line in told(done.stdout, "wrote")] == [CONFIGURATION, test, WORKFLOW, IGNORED]
    assert told(done.stdout, "next") == [following]
    assert told(done.stdout, "to do") == []
    assert read_configuration(folder).values == {"app": PAGE, "app_command": "start 'my app'"}
    assert (folder / IGNORED).read_bytes() == b"oauth-window-report/\n"


@pytest.mark.parametrize(
    ("config", "tests", "up"),
    [
        ({}, "tests", "../"),
        (
            {"playwright.config.ts": "export default defineConfig({\n  testDir: './e2e/flows',\n});"},
            "e2e/flows",
            "../../",
        ),
        ({"playwright.config.js": 'module.exports = {\n  testDir: "../elsewhere" };'}, "tests", "../"),
        ({"playwright.config.js": "module.exports = {\n  testDir: `${process.env.E2E}`,\n};"}, "tests", "../"),
    ],
)
@pytest.mark.parametrize("kind", ["dependencies", "devDependencies"])
def test_a_project_on_playwright_test_gets_a_spec_and_the_fixture_where_its_tests_are(
    in_process: InProcess, folder: Path, kind: str, config: dict[str, str], tests: str, up: str
) -> None:
    (folder / "package.json").write_text(json.dumps({kind: {"@playwright/test": "^1.50.0"}}))
    for name, text in config.items():
        (folder / name).write_text(text)
    done = in_process("init", "--app", PAGE, "--app-command", "npm start")
    spec, fixture = f"{tests}/oauth-window.spec.mjs", f"{tests}/oauth-window-playwright"
    written = [CONFIGURATION, spec, f"{fixture}/index.mjs", f"{fixture}/index.d.mts", WORKFLOW, IGNORED]
    assert [line.partition(",")[0] for line in told(done.stdout, "wrote")] == written
    assert told(done.stdout, "next") == [f"npx playwright test {spec}"]
    assert told(done.stdout, "hint") == []
    assert f'new URL("{up}{CONFIGURATION}"' in (folder / spec).read_text()
    for name in ("index.mjs", "index.d.mts"):
        assert (folder / fixture / name).read_bytes() == (PACKAGE / "javascript" / name).read_bytes()


def test_a_spec_and_a_fixture_that_are_there_are_kept(in_process: InProcess, folder: Path) -> None:
    (folder / "package.json").write_text('{"devDependencies": {"@playwright/test": "1"}}')
    mine = [folder / "tests" / name for name in ("oauth-window.spec.mjs", "oauth-window-playwright/index.mjs")]
    for file in mine:
        file.parent.mkdir(exist_ok=True)
        file.write_text("mine")
    done = in_process("init")
    assert [file.read_text() for file in mine] == ["mine", "mine"]
    assert [line.partition(",")[0] for line in told(done.stdout, "kept")] == [
        file.relative_to(folder).as_posix() for file in mine
    ]


def test_a_node_project_without_playwright_test_is_told_how_to_have_the_fixture(
    in_process: InProcess, folder: Path
) -> None:
    (folder / "package.json").write_text('{"devDependencies": {"playwright": "1"}}')
    done = in_process("init")
    assert (folder / NODE_TEST).exists()
    (hint,) = told(done.stdout, "hint")
    assert "@playwright/test" in hint


def test_what_is_not_named_yet_is_to_do(in_process: InProcess, folder: Path) -> None:
    (folder / "requirements.txt").write_text("")
    first = in_process("init")
    assert told(first.stdout, "to do") == [
        "name your page in oauth-window.toml, as app; until then `oauth-window run` plays the bundled reference app"
    ]
    (folder / CONFIGURATION).write_text(f'app = "{PAGE}"\n')
    second = in_process("init")
    assert told(second.stdout, "to do") == [
        "name what starts the app in oauth-window.toml, as app-command: the workflow starts nothing else"
    ]


def test_a_folder_of_neither_language_gets_what_has_none(in_process: InProcess, folder: Path) -> None:
    done = in_process("init")
    assert done.returncode == 0
    assert done.stdout.startswith("neither a Python nor a Node.js project is here")
    assert set(files_in(folder)) == {CONFIGURATION, IGNORED}
    assert told(done.stdout, "next") == ["oauth-window run account-200"]


def test_a_language_that_is_named_counts(in_process: InProcess, folder: Path) -> None:
    in_process("init", "--language", "node")
    assert set(files_in(folder)) == {CONFIGURATION, NODE_TEST, WORKFLOW, IGNORED}


def test_a_project_in_both_languages_is_told_which_was_taken_and_how_to_take_the_other(
    in_process: InProcess, folder: Path
) -> None:
    for name in ("pyproject.toml", "package.json"):
        (folder / name).write_text("")
    first = [in_process("init", *words).stdout.splitlines()[0] for words in ([], ["--language", "node"])]
    assert first == [
        "a Python project, by pyproject.toml; package.json says Node.js, which --language node chooses",
        "a Node.js project, by package.json; pyproject.toml says Python, which --language python chooses",
    ]


def test_a_node_project_s_own_folder_of_tests_is_taken(in_process: InProcess, folder: Path) -> None:
    (folder / "package.json").write_text("{}")
    (folder / "tests").mkdir()
    in_process("init")
    assert (folder / "tests" / "oauth-window-test.mjs").exists()
    assert not (folder / "test").exists()


@pytest.mark.parametrize("value", ['"quoted"\\', "ünïcödé 😀", "tab\tand\x7fdelete", "# no comment"])
def test_any_command_is_read_back_as_it_was_typed(in_process: InProcess, folder: Path, value: str) -> None:
    in_process("init", "--app", PAGE, "--app-command", value)
    assert read_configuration(folder).values["app_command"] == value


# --- what is there --------------------------------------------------------------------------------------------------


def test_a_folder_that_has_everything_stays_as_it_is(in_process: InProcess, folder: Path) -> None:
    (folder / "requirements.txt").write_text("")
    in_process("init")
    mine = {name: f"{name} is mine\n".encode() for name in (PYTHON_TEST, WORKFLOW)}
    mine[CONFIGURATION] = b"patience = 8\n"
    for name, content in mine.items():
        (folder / name).write_bytes(content)
    before = files_in(folder)
    done = in_process("init", "--app", PAGE)
    assert done.returncode == 0
    assert files_in(folder) == before
    assert told(done.stdout, "wrote") == told(done.stdout, "added") == []
    assert [line.partition(",")[0] for line in told(done.stdout, "kept")] == [
        CONFIGURATION,
        PYTHON_TEST,
        WORKFLOW,
        IGNORED,
    ]


@pytest.mark.parametrize(
    ("words", "to_do"),
    [
        (["--app", PAGE], f'app = "{PAGE}"'),
        (["--app", PAGE, "--app-command", "npm start"], f'app = "{PAGE}", app-command = "npm start"'),
    ],
)
@pytest.mark.parametrize("mine", ["patience = 8\n", 'app = "http://localhost:8000/"\n'])
def test_what_is_named_for_a_file_that_is_kept_is_to_be_set_there(
    in_process: InProcess, folder: Path, words: list[str], to_do: str, mine: str
) -> None:
    (folder / CONFIGURATION).write_text(mine)
    done = in_process("init", *words)
    assert told(done.stdout, "to do")[0] == f"set in {CONFIGURATION}, which is kept as it is: {to_do}"
    (folder / CONFIGURATION).write_text(to_do.replace(", app-command", "\napp-command"))
    assert not any("set in" in line for line in told(in_process("init", *words).stdout, "to do"))


def test_options_in_pyproject_are_those_of_the_project(in_process: InProcess, folder: Path) -> None:
    """A second file beside them would be refused by every run."""
    (folder / "pyproject.toml").write_text(f'[tool.oauth-window]\napp = "{PAGE}"\noutput = "build/report"\n')
    done = in_process("init")
    assert not (folder / CONFIGURATION).exists()
    assert told(done.stdout, "kept") == [
        "pyproject.toml, it has the options of a run already, [tool.oauth-window]"
    ]  # fmt: skip
    assert (folder / IGNORED).read_text() == "build/report/\n"


def test_a_link_that_leads_nowhere_is_kept_as_well(in_process: InProcess, folder: Path) -> None:
    (folder / CONFIGURATION).symlink_to(folder / "gone.toml")
    done = in_process("init")
    assert done.returncode == 0
    assert not (folder / "gone.toml").exists()
    assert told(done.stdout, "kept") == [f"{CONFIGURATION}, it is there already"]


def test_options_that_are_invalid_are_told_before_anything_is_written(in_process: InProcess, folder: Path) -> None:
    (folder / CONFIGURATION).write_text("pattience = 8\n")
    before = files_in(folder)
    done = in_process("init")
    assert done.returncode == 2
    assert f"{CONFIGURATION}:1" in done.stderr
    assert files_in(folder) == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"oauth-window-report/\n"),
        (b"venv/\n", b"venv/\noauth-window-report/\n"),
        (b"venv/", b"venv/\noauth-window-report/\n"),
        (b"venv/\r\ndist/\r\n", b"venv/\r\ndist/\r\noauth-window-report/\r\n"),
        (b"venv/\r\ndist/", b"venv/\r\ndist/\r\noauth-window-report/\r\n"),
        (b"\xff\xfe no text", b"\xff\xfe no text\noauth-window-report/\n"),
        (b"# oauth-window-report\n", b"# oauth-window-report\noauth-window-report/\n"),
        (b"oauth-window-report", None),
        (b"/oauth-window-report/\r\nvenv/", None),
        (b"  oauth-window-report/**\n", None),
    ],
)
def test_git_ignores_the_report_folder_and_every_line_stays(
    in_process: InProcess, folder: Path, before: bytes, after: bytes | None
) -> None:
    (folder / IGNORED).write_bytes(before)
    done = in_process("init")
    assert (folder / IGNORED).read_bytes() == (before if after is None else after)
    assert IGNORED in " ".join(told(done.stdout, "kept" if after is None else "added" if before else "wrote"))


# --- what cannot be done --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_the_way", [".github", "tests"])
def test_a_file_in_the_way_of_a_folder_is_an_error_that_names_it(
    in_process: InProcess, folder: Path, in_the_way: str
) -> None:
    (folder / "requirements.txt").write_text("")
    (folder / in_the_way).write_text("mine")
    done = in_process("init")
    assert done.returncode == 3
    assert "a file of the project cannot be written" in done.stderr
    assert in_the_way in done.stderr
    assert (folder / in_the_way).read_text() == "mine"


def test_a_gitignore_that_is_a_folder_is_an_error(in_process: InProcess, folder: Path) -> None:
    (folder / IGNORED).mkdir()
    done = in_process("init")
    assert done.returncode == 3
    assert IGNORED in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_an_error(in_process: InProcess, folder: Path) -> None:
    folder.chmod(0o555)
    try:
        assert in_process("init").returncode == 3
    finally:
        folder.chmod(0o755)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["--app", "localhost:3000"], "the address of the app cannot be used"),
        (["--app", "http://me:secret@localhost/"], "a password or a token does not belong in a file"),
        (["--app-command", "npm start"], "--app-command without --app"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_written(
    in_process: InProcess, folder: Path, arguments: list[str], what: str
) -> None:
    done = in_process("init", *arguments)
    assert (done.returncode, files_in(folder)) == (2, {})
    assert what in done.stderr
    assert "secret" not in done.stderr
