"""A table over the log bucket for Athena, for whoever may read prompts: it costs nothing until it is asked."""

from __future__ import annotations

from aws_cdk import Aws, CfnOutput, Stack
from aws_cdk import aws_glue as glue
from constructs import Construct

from infra.log_bucket import LogBucket
from infra.settings import Settings

TABLE = "invocations"
COLUMNS = (
    *("schematype", "schemaversion", "timestamp", "accountid", "region", "requestid", "operation", "modelid"),
    *("status", "errorcode", "inferenceregion", "identity", "requestmetadata", "input", "output"),
)
"""In lower case, as Athena looks them up and its JSON reader finds them (Athena user guide, "OpenX JSON SerDe").

All are texts, those with more inside as JSON: a body that lies among the records may have an `input` of any form, and a
column of another type would end the query there.
"""
PARTITIONS = ("owner", "place", "hour")
PROJECTION = {
    "projection.enabled": "true",
    "projection.owner.type": "injected",
    "projection.place.type": "injected",
    "projection.hour.type": "date",
    "projection.hour.format": "yyyy/MM/dd/HH",
    "projection.hour.range": "2023/09/01/00,NOW",
    "projection.hour.interval": "1",
    "projection.hour.interval.unit": "HOURS",
}
"""Partitions follow from their names, so that no crawler has to run; account and Region must be named in a query."""


class LogTable(Construct):
    """Offloaded bodies lie among the records and are rows without a request id."""

    def __init__(self, scope: Construct, construct_id: str, *, logs: LogBucket, settings: Settings) -> None:
        super().__init__(scope, construct_id)
        name = settings.stack_name.lower().replace("-", "_")
        told = "Amazon Bedrock's invocation log (bedrock-audit)"
        database = glue.CfnDatabase(
            self,
            "Database",
            catalog_id=Aws.ACCOUNT_ID,
            database_input=glue.CfnDatabase.DatabaseInputProperty(name=name, description=told),
        )
        root = f"s3://{logs.bucket.bucket_name}/{settings.log_prefix}AWSLogs/"
        table = glue.CfnTable(
            self, "Invocations", catalog_id=Aws.ACCOUNT_ID, database_name=name, table_input=_table(root)
        )
        table.add_dependency(database)
        CfnOutput(Stack.of(self), "AthenaTable", value=f"{name}.{TABLE}", description="The log, for Athena to ask")


def _table(root: str) -> glue.CfnTable.TableInputProperty:
    template = f"{root}${{owner}}/BedrockModelInvocationLogs/${{place}}/${{hour}}"
    return glue.CfnTable.TableInputProperty(
        name=TABLE,
        table_type="EXTERNAL_TABLE",
        parameters={"EXTERNAL": "TRUE", "storage.location.template": template, **PROJECTION},
        partition_keys=[_column(name, "string") for name in PARTITIONS],
        storage_descriptor=glue.CfnTable.StorageDescriptorProperty(
            location=root,
            input_format="org.apache.hadoop.mapred.TextInputFormat",
            output_format="org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            columns=[_column(name, "string") for name in COLUMNS],
            serde_info=glue.CfnTable.SerdeInfoProperty(
                serialization_library="org.openx.data.jsonserde.JsonSerDe",
                parameters={"ignore.malformed.json": "true"},
            ),
        ),
    )


def _column(name: str, kind: str) -> glue.CfnTable.ColumnProperty:
    return glue.CfnTable.ColumnProperty(name=name, type=kind)
