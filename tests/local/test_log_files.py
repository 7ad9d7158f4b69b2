"""Log files and the bodies beside them, as they lie on a disk."""

from __future__ import annotations

import io
import os

import pytest

from bedrock_audit.errors import LogUnreadableError
from bedrock_audit.local.log_files import LocalBodies, LocalLogs
from bedrock_audit.normalise.bodies import Unresolved

HOUR = "AWSLogs/1/BedrockModelInvocationLogs/us-east-1/2026/11/23/12"
URI = f"s3://logs/{HOUR}/data/req-1_input.json.gz"


@pytest.fixture
def tree(tmp_path):
    def written(*names: str):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
        return tmp_path

    return written


def names(folder, root):
    return [log.name.removeprefix(f"{root}/") for log in LocalLogs().listed(str(folder))]


def test_a_folder_lists_its_files_in_order_however_deep(tree):
    root = tree("b/two.json", "b/one.json.gz", "a.log", "c/d/e.json")

    assert names(root, root) == ["a.log", "b/one.json.gz", "b/two.json", "c/d/e.json"]


SKIPPED = {
    "offloaded bodies in Bedrock's layout": f"{HOUR}/data/req-1_input.json.gz",
    "media in Bedrock's layout": f"{HOUR}/data/req-1_input_media_00.pdf",
    "whatever else lies there": f"{HOUR}/data/more/thing.json",
    "offloaded bodies that were copied elsewhere": "copied/data/req-1_output.json.gz",
    "the permission check": "AWSLogs/1/BedrockModelInvocationLogs/us-east-1/amazon-bedrock-logs-permission-check",
    "the permission check by its other name": "amazon-bedrock-logs-permission-check.json",
    "hidden files": ".DS_Store",
}


@pytest.mark.parametrize("name", SKIPPED.values(), ids=SKIPPED)
def test_what_is_no_log_is_skipped(tree, name):
    root = tree(name, f"{HOUR}/x.json.gz")

    assert names(root, root) == [f"{HOUR}/x.json.gz"]


@pytest.mark.parametrize(
    "name",
    [
        f"data/logs/{HOUR}/x.json.gz",
        "data/day.json",
        f"{HOUR}/metadata/x.json.gz",
        "my-amazon-bedrock-logs-permission-check/day.json",
    ],
)
def test_a_name_that_only_looks_like_it_is_read(tree, name):
    root = tree(name)

    assert names(root, root) == [name]


@pytest.mark.parametrize(
    "name", [f"{HOUR}/data/req-1_input.json.gz", "amazon-bedrock-logs-permission-check", ".hidden"]
)
def test_a_file_that_is_named_is_always_read(tree, name):
    path = tree(name) / name

    assert [log.name for log in LocalLogs().listed(str(path))] == [str(path)]


def test_layout_is_known_from_inside_it(tree):
    root = tree(f"{HOUR}/x.json.gz", f"{HOUR}/data/thing.json")

    assert names(root / HOUR, root / HOUR) == ["x.json.gz"]


def test_an_object_says_its_size_and_changes_its_tag_with_its_content(tree):
    path = tree("day.json") / "day.json"
    (before,) = LocalLogs().listed(str(path))

    path.write_bytes(b"more of it")
    os.utime(path, ns=(1, 1))
    (after,) = LocalLogs().listed(str(path))

    assert (before.size, after.size) == (8, 10)
    assert before.etag != after.etag
    assert after.modified is not None


def test_a_file_is_opened_as_it_is(tree):
    path = tree("day.json") / "day.json"

    with LocalLogs().opened(str(path)) as stream:
        assert stream.read() == b"day.json"


@pytest.mark.parametrize("piped", [b"", b"piped", b"x" * 200_000], ids=len)
def test_standard_input_is_read_whole(piped):
    logs = LocalLogs(stdin=io.BytesIO(piped))
    (log,) = logs.listed("-")

    with logs.opened(log.name) as stream:
        assert stream.read() == piped


def test_what_is_piped_in_is_known_by_how_it_begins():
    first, again, other = (next(LocalLogs(stdin=io.BytesIO(piped)).listed("-")) for piped in (b"a", b"a", b"b"))

    assert first.name == again.name != other.name
    assert first.etag != again.etag


def test_a_file_that_cannot_be_opened_says_so(tree):
    with pytest.raises(LogUnreadableError, match="No such file"), LocalLogs().opened("/nowhere/day.json"):
        pass


def test_a_body_beside_a_log_file_is_found(tree):
    root = tree(f"{HOUR}/x.json.gz", f"{HOUR}/data/req-1_input.json.gz")

    for audited in (root, root / HOUR, root / HOUR / "x.json.gz"):
        assert LocalBodies(str(audited)).fetched(URI) == f"{HOUR}/data/req-1_input.json.gz".encode()


def test_of_bodies_with_one_name_the_nearest_to_the_uri_is_meant(tree):
    other = HOUR.replace("AWSLogs/1", "AWSLogs/2")
    root = tree(f"{other}/data/req-1_input.json.gz", f"{HOUR}/data/req-1_input.json.gz", "data/req-1_input.json.gz")

    assert LocalBodies(str(root)).fetched(URI) == f"{HOUR}/data/req-1_input.json.gz".encode()


@pytest.mark.parametrize(
    "uri",
    [
        "s3://logs/data/../secret.json",
        "s3://logs/data/../../data/../secret.json",
        "/etc/passwd",
        "file:///etc/passwd",
        "s3://logs/data/",
        "secret.json",
        "s3://logs/data/\0",
        "",
    ],
)
def test_a_uri_leads_nowhere_but_into_the_data_folders(tree, uri):
    root = tree("day.json", "secret.json", "data/req-1_input.json")

    assert isinstance(LocalBodies(str(root)).fetched(uri), Unresolved)


def test_a_link_out_of_the_folder_is_left_alone(tree):
    root = tree("outside/secret.json", "logs/day.json")
    (root / "logs/data").mkdir()
    (root / "logs/data/req-1_input.json").symlink_to(root / "outside/secret.json")

    found = LocalBodies(str(root / "logs")).fetched("s3://logs/data/req-1_input.json")

    assert found == Unresolved("not-found", "no such file in a data/ folder beside the log")


def test_beside_a_file_nothing_deeper_is_looked_into(tree):
    root = tree("day.json", "other/data/req-1_input.json")

    assert isinstance(LocalBodies(str(root / "day.json")).fetched("s3://logs/data/req-1_input.json"), Unresolved)


def test_a_body_that_is_too_large_is_not_read(tree):
    root = tree("data/req-1_input.json")
    with (root / "data/req-1_input.json").open("wb") as body:
        body.truncate(70_000_000)

    found = LocalBodies(str(root)).fetched("s3://logs/data/req-1_input.json")

    assert isinstance(found, Unresolved)
    assert found.reason == "too-large"


def test_what_is_piped_in_has_nothing_beside_it():
    found = LocalBodies("-").fetched(URI)

    assert isinstance(found, Unresolved)
    assert found.reason == "outside-allowed-places"


def test_a_store_of_findings_in_the_folder_is_no_log(tree):
    root = tree("a.json", "mine.db-wal", "mine.db-shm", "notes-wal")
    (root / "mine.db").write_bytes(b"SQLite format 3\0 and so on")

    assert names(root, root) == ["a.json", "notes-wal"]


def test_a_name_that_is_no_text_is_told_in_escapes_and_opened(tmp_path):
    (tmp_path / os.fsdecode(b"day\xff.json")).write_bytes(b"here")
    logs = LocalLogs()

    (log,) = logs.listed(str(tmp_path))

    assert log.name == f"{tmp_path}/day\\xff.json"
    with logs.opened(log.name) as stream:
        assert stream.read() == b"here"


def test_links_to_folders_that_are_walked_anyway_are_left_alone(tree):
    root = tree("a.json", "deep/b.json")
    (root / "deep" / "up").symlink_to(root)
    (root / "across").symlink_to("deep")
    (root / "self").symlink_to(".")

    assert names(root, root) == ["a.json", "deep/b.json"]


def test_links_to_folders_elsewhere_are_not_followed_and_say_so(tree):
    root = tree("logs/a.json", "elsewhere/b.json")
    (root / "logs" / "more").symlink_to(root / "elsewhere")
    (root / "logs" / "up").symlink_to("..")

    assert names(root / "logs", root / "logs") == ["a.json", "more", "up"]
    with pytest.raises(LogUnreadableError, match="not followed"), LocalLogs().opened(f"{root}/logs/more"):
        pass


def test_links_that_lead_nowhere_cannot_be_opened(tree):
    root = tree("a.json")
    (root / "nowhere.json").symlink_to(root / "gone.json")
    (root / "self.json").symlink_to("self.json")

    assert names(root, root) == ["a.json", "nowhere.json", "self.json"]
    for dead in ("nowhere.json", "self.json"):
        with pytest.raises(LogUnreadableError), LocalLogs().opened(f"{root}/{dead}"):
            pass


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_looked_into_is_listed_and_cannot_be_opened(tree):
    root = tree("a.json", "closed/b.json")
    (root / "closed").chmod(0)

    listed = [log.name for log in LocalLogs().listed(str(root))]
    (root / "closed").chmod(0o700)

    assert listed == [f"{root}/a.json", f"{root}/closed"]
    with pytest.raises(LogUnreadableError), LocalLogs().opened(f"{root}/closed"):
        pass
