from __future__ import annotations

import re

import msgspec
import pytest

from infra.settings import Settings
from tests.infra.reading import resources
from tests.infra.synth import EVERY_CHANNEL, ROOT, template

GUIDE = (ROOT / "docs/operator-guide.md").read_text()
ROWS = [line for line in GUIDE.splitlines() if line.startswith("| `")]


def documented():
    return {name: row for row in ROWS for name in re.findall(r"`([a-z-]+)`", row.split("|")[1])}


def test_the_guide_explains_every_setting_and_no_other():
    settings = {field.encode_name for field in msgspec.structs.fields(Settings)}

    assert set(documented()) == settings


@pytest.mark.parametrize(
    "name", [field.name for field in msgspec.structs.fields(Settings) if isinstance(field.default, int | str)]
)
def test_the_guide_tells_the_default(name):
    default = getattr(Settings(), name)
    told = documented()[name.replace("_", "-")].split("|")[2]

    assert str(default).lower() in told.lower() or (default == "" and "none" in told)


def test_the_costs_add_up_and_follow_from_their_arithmetic():
    rows = [line.split("|")[1:4] for line in GUIDE.splitlines() if re.search(r"\| \d\.\d{3} \|$", line)]
    *parts, (_, _, together) = rows

    assert f"{sum(float(dollars) for _, _, dollars in parts):.3f}" == together.strip()
    for _, arithmetic, dollars in parts:
        if "×" in arithmetic:
            assert worked_out(arithmetic) == pytest.approx(float(dollars), abs=0.0006), arithmetic


def worked_out(arithmetic):
    """The value of `10,000 × 0.2 s (assumed) × 1.73 GB`: numbers and signs without words; a KB is a millionth GB."""
    plain = re.sub(r"\((below|assumed)\)|, if .*|(?<=\d),(?=\d{3})", "", arithmetic).replace(" KB", " / 1000000")
    return eval(re.sub(r"[^\d.()×/+ ]", "", plain).replace("×", "*"), {})


def test_the_stack_stays_far_below_what_cloudformation_takes():
    assert len(template(**EVERY_CHANNEL)["Resources"]) < 120


def test_outputs_that_the_guide_names_are_there():
    assert {"AnalystPolicy", "DeciderPolicy"} <= set(template()["Outputs"])
    assert resources(template(), "AWS::IAM::ManagedPolicy")
