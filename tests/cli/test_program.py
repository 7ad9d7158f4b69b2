"""The command line as a whole: how it teaches, refuses and exits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bedrock_audit import __version__
from bedrock_audit.cli import COMMANDS, main


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_version():
    assert run("--version").output.strip().endswith(__version__)


def test_help_names_every_command_and_the_exit_codes():
    text = run("--help").output

    assert [name for name in COMMANDS if f"\n  {name} " not in text] == []
    assert "Exit codes:" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_by_example(command):
    text = run(command, "--help").output

    assert f"bedrock-audit {command}" in text


def test_an_unknown_command_is_answered_with_those_there_are():
    result = run("aduit")

    assert result.exit_code == 2
    assert "did you mean audit? there are: audit, " in result.output


def test_a_path_that_does_not_exist_is_one_line_and_exit_code_2(tmp_path):
    missing = str(tmp_path / "nowhere")

    result = run("audit", missing, "--store", str(tmp_path / "store.db"))

    assert result.exit_code == 2
    assert result.stderr == f"Error: {missing}: there is no such file or folder\n"


def test_a_store_that_is_not_there_says_what_to_do(tmp_path):
    result = run("coverage", "--store", str(tmp_path / "store.db"))

    assert result.exit_code == 2
    assert "run `bedrock-audit audit PATH` first" in result.stderr


@pytest.mark.parametrize("time", ["yesterday", "2026-13-01"])
def test_a_time_that_is_none_is_refused_with_an_example(time):
    result = run("coverage", "--since", time)

    assert result.exit_code == 2
    assert "2026-11-23T08:00:00Z" in result.stderr


@pytest.mark.parametrize(
    "command", [["audit", "."], ["coverage"], ["findings", "list"], ["findings", "export"]], ids=" ".join
)
def test_a_period_that_holds_nothing_is_refused_or_it_would_read_as_an_answer(command):
    result = run(*command, "--since", "2026-05-02", "--until", "2026-05-01")

    assert result.exit_code == 2
    assert "must be later than --since" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["audit"], id="nothing to audit"),
        pytest.param(["audit", ""], id="a path that is empty"),
        pytest.param(["audit", ".", "-o", "xml"], id="a format that there is not"),
        pytest.param(["findings", "list", "--sevrity", "high"], id="a misspelled option"),
        pytest.param(["--verison"], id="a misspelled option of the program"),
        pytest.param(["demo", "--out", "/dev/null/demo"], id="a place where nothing can be written"),
        pytest.param(["coverage", "--store", "a\x1b[31mb"], id="a name that would colour the terminal"),
    ],
)
def test_a_mistake_is_one_line_without_a_traceback(arguments):
    result = run(*arguments)

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
    assert "\x1b" not in result.stderr


def a_program(*arguments, **more):
    started = "import sys; from bedrock_audit.cli import main; main(sys.argv[1:])"
    return subprocess.Popen([sys.executable, "-c", started, *map(str, arguments)], stderr=subprocess.PIPE, **more)


@pytest.mark.parametrize("form", ["json", "table"])
def test_a_reader_that_goes_away_is_no_finding_and_no_complaint(tmp_path, form):
    read, write = os.pipe()
    os.close(read)

    with a_program("policy", "list", "-o", form, stdout=write) as program:
        os.close(write)
        assert program.stderr.read() == b""

    assert program.returncode == 141


@pytest.mark.parametrize("is_closed", [True, False], ids=["closed", "read by nobody"])
def test_an_error_that_nobody_hears_does_not_look_like_findings(tmp_path, is_closed):
    started = "import os, sys; from bedrock_audit.cli import main; main(sys.argv[1:])"
    closing = "import os, sys; os.close(2); sys.stderr = None; from bedrock_audit.cli import main; main(sys.argv[1:])"
    read, write = os.pipe()
    os.close(read)

    program = [sys.executable, "-c", closing if is_closed else started, "coverage", "--store", str(tmp_path / "s.db")]
    done = subprocess.run(program, stderr=write, check=False)
    os.close(write)

    assert done.returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "iso-8859-1"])
def test_characters_that_an_output_lacks_are_no_trouble(tmp_path, encoding):
    """A Windows pipe or an old locale: what was read must not break the list of it, and 1 would mean findings."""
    (tmp_path / "日本 🛑.json").write_text("{}")
    run("audit", str(tmp_path), "--store", str(tmp_path / "a.db"))
    old = {**os.environ, "PYTHONIOENCODING": encoding}
    about = ("coverage", "--store", tmp_path / "a.db", "-o")

    for form in ("table", "csv"):
        with a_program(*about, form, stdout=subprocess.PIPE, env=old) as program:
            assert b"not-an" in program.stdout.read()
        assert program.returncode == 0
    with a_program(*about, "json", stdout=subprocess.PIPE, env=old) as program:
        (row,) = json.loads(program.stdout.read().decode("utf-8"))
        assert row["object"].endswith("日本 🛑.json")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["audit", "-"], "nothing is piped in"),
        (["check-text", "-"], "nothing is piped in"),
        (["use-case", "apply", Path(__file__).parents[1] / "use_case" / "complete.yaml"], "nobody to ask"),
    ],
    ids=["audit", "check-text", "apply"],
)
def test_a_job_without_standard_input_is_refused_in_one_line(tmp_path, arguments, said):
    started = (
        "import os; os.close(0); import sys; sys.stdin = None; from bedrock_audit.cli import main; main(sys.argv[1:])"
    )
    done = subprocess.run(
        [sys.executable, "-c", started, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_spreadsheet_of_no_findings_has_the_coverage_beside_it(tmp_path):
    (tmp_path / "logs").mkdir()

    result = run("audit", str(tmp_path / "logs"), "-o", "csv", "--store", str(tmp_path / "a.db"))

    assert "Coverage: 0 of 0 invocations audited" in result.stderr
    assert len(result.stdout.splitlines()) == 1


@pytest.mark.usefixtures("heeding_interrupts")
def test_an_interrupted_audit_says_so_and_does_not_look_like_findings(tmp_path):
    with a_program("audit", "-", "--store", tmp_path / "a.db", stdin=subprocess.PIPE) as program:
        program.stdin.write(b"{")
        program.stdin.flush()
        while not (tmp_path / "a.db").exists():
            assert program.poll() is None
        program.send_signal(signal.SIGINT)
        assert program.stderr.read().decode().strip() == "stopped"

    assert program.returncode == 130


def test_a_full_disk_is_one_line(tmp_path):
    result = run("audit", str(tmp_path), "--store", "/dev/full")

    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


@pytest.mark.parametrize("arguments", [["audit", "s3://logs/"], ["findings", "list", "--aws"]], ids=" ".join)
def test_without_the_aws_sdk_it_says_what_to_install(arguments, tmp_path):
    without = "import sys; sys.modules['boto3'] = None; from bedrock_audit.cli import main; main(sys.argv[1:])"

    done = subprocess.run(
        [sys.executable, "-c", without, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert done.stderr == "Error: this needs the AWS SDK; install it with `pip install 'bedrock-audit[aws]'`\n"
