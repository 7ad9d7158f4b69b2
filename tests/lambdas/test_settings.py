from __future__ import annotations

import pytest

from bedrock_audit.errors import ConfigurationError
from needs import AuditorSettings, ConfiguratorSettings
from settings import environment, settings_of

NEEDS = AuditorSettings(
    findings_table="f",
    use_cases_table="u",
    ledger_table="l",
    finding_days=30,
    queue="https://queue",
    body_places=("s3://a/", "s3://b/c/"),
)


def test_what_a_deployment_sets_is_what_a_function_reads():
    assert settings_of(AuditorSettings, environment(NEEDS)) == NEEDS


def test_a_function_ignores_what_is_meant_for_others():
    environ = {**environment(NEEDS), **environment(ConfiguratorSettings(memory_path="/m")), "PATH": "/bin"}

    assert settings_of(AuditorSettings, environ) == NEEDS


@pytest.mark.parametrize("name", ["FINDINGS_TABLE", "FINDING_DAYS", "QUEUE"])
def test_a_missing_variable_is_named(name):
    environ = environment(NEEDS)
    del environ[f"BEDROCK_AUDIT_{name}"]

    with pytest.raises(ConfigurationError, match=f"environment: BEDROCK_AUDIT_{name}: is not set"):
        settings_of(AuditorSettings, environ)


def test_a_variable_that_cannot_be_used_is_named():
    environ = {**environment(NEEDS), "BEDROCK_AUDIT_FINDING_DAYS": "soon"}

    with pytest.raises(ConfigurationError, match=r"environment: .*finding_days"):
        settings_of(AuditorSettings, environ)
