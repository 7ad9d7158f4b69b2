"""The table over the log, asked as Athena's documentation says that it reads one; no emulator of Athena does.

https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html and openx-json-serde.html
"""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime

import msgspec
import pytest

from bedrock_audit.aws.log_keys import hour_prefix
from bedrock_audit.normalise.envelope import Envelope
from tests.infra.reading import resources
from tests.infra.synth import ROOT, template
from tests.log_lines import line

OWNER, PLACE = "111122223333", "eu-central-1"
WANTED = "3f6f0c6e-5d0e-4b53-9c1e-0c8f2f6f7a11"
BODY = json.dumps({"input": "a text where records have an object", "output": [1, 2]})


def table(**given):
    """The properties of the table."""
    (found,) = resources(template(athena=True, **given), "AWS::Glue::Table").values()
    return found["TableInput"]


def columns(made):
    return [(one["Name"], one["Type"]) for one in made["StorageDescriptor"]["Columns"]]


def key(hour, name, *, prefix=""):
    return f"s3://{{Logs/Bucket}}/{hour_prefix(log_prefix=prefix, account=OWNER, region=PLACE, hour=hour)}{name}"


def place_of(made, **partition):
    """Where a partition lies: its values put into the template of its location."""
    where = made["Parameters"]["storage.location.template"]
    for name, value in partition.items():
        where = where.replace(f"${{{name}}}", value)
    return where


def read(made, objects, **partition):
    """The rows of a partition: keys in lower case at every depth, values that are no text as JSON."""
    names = [name for name, _ in columns(made)]
    for uri, lines in objects.items():
        if uri.startswith(place_of(made, **partition) + "/"):
            for text in lines:
                row = json.loads(text, object_pairs_hook=lambda pairs: {name.lower(): value for name, value in pairs})
                yield [_text(row.get(name)) for name in names] + list(partition.values())


def _text(value):
    return value if value is None or isinstance(value, str) else json.dumps(value)


def answer(made, objects, query, *, hours):
    """What the query gives on these objects."""
    names = [name for name, _ in columns(made)] + [one["Name"] for one in made["PartitionKeys"]]
    database = sqlite3.connect(":memory:")
    database.execute("ATTACH ':memory:' AS bedrockaudit")
    database.execute(f"CREATE TABLE bedrockaudit.invocations ({', '.join(names)})")
    for function in ("json_extract", "json_extract_scalar"):
        database.create_function(function, 2, lambda text, path: _at(json.loads(text), path.removeprefix("$.")))
    for hour in hours:
        rows = list(read(made, objects, owner=OWNER, place=PLACE, hour=hour))
        database.executemany(f"INSERT INTO bedrockaudit.invocations VALUES ({', '.join('?' * len(names))})", rows)
    return database.execute(query).fetchall()


def _at(value, name):
    return _text(value.get(name))


def test_the_guide_s_query_finds_the_record_among_bodies_and_other_hours():
    (query,) = re.findall(r"```sql\n(.*?)```", (ROOT / "docs/operator-guide.md").read_text(), re.DOTALL)
    other = line("something else", request_id="other")
    objects = {
        key("2026/11/23/09", "20261123T090000Z_ab.json.gz"): [other, line("the words", request_id=WANTED)],
        key("2026/11/23/09", "data/r_input.json.gz"): [BODY],
        key("2026/11/23/19", "20261123T190000Z_ab.json.gz"): [line("too late", request_id=WANTED)],
    }

    ((_, who, model, asked),) = answer(table(), objects, query, hours=("2026/11/23/09", "2026/11/23/19"))

    assert who.endswith("assumed-role/helpdesk/session")
    assert model.startswith("anthropic.")
    assert "the words" in asked


@pytest.mark.parametrize("prefix", ["", "audit/"])
def test_a_partition_is_where_bedrock_and_we_put_its_objects(prefix):
    made = table(**({"log_prefix": prefix} if prefix else {}))

    where = place_of(made, owner=OWNER, place=PLACE, hour="2026/11/23/12")

    assert key("2026/11/23/12", "x.json.gz", prefix=prefix).startswith(where + "/")
    assert where.startswith(made["StorageDescriptor"]["Location"])
    assert "${" not in where


def test_every_partition_is_projected_and_hours_are_those_of_the_keys():
    made = table()
    projected = {name for name in made["Parameters"] if re.fullmatch(r"projection\.\w+\.type", name)}
    written = made["Parameters"]["projection.hour.format"]

    assert projected == {f"projection.{one['Name']}.type" for one in made["PartitionKeys"]}
    (python,) = {written.replace("yyyy", "%Y").replace("MM", "%m").replace("dd", "%d").replace("HH", "%H")}
    assert f"{datetime(2026, 11, 23, 8, tzinfo=UTC):{python}}" == "2026/11/23/08"
    assert datetime.strptime(made["Parameters"]["projection.hour.range"].split(",")[0], python).replace(tzinfo=UTC)


def test_columns_are_those_of_a_record_in_lower_case_and_all_texts():
    """A column in another case is looked up in lower case and never found; one of another type may end a query."""
    found = columns(table())

    assert {kind for _, kind in found} == {"string"}
    assert all(name == name.lower() for name, _ in found)
    assert {name for name, _ in found} <= {field.encode_name.lower() for field in msgspec.structs.fields(Envelope)}
    assert {name.lower() for name in json.loads(line())} <= {name for name, _ in found}
