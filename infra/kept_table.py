"""A table of the stack, built from its definition in the engine, that outlives mistakes and the stack itself."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from bedrock_audit.aws import tables
from infra.customer_key import READING, CustomerKey
from infra.settings import Settings

READ_ITEMS = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
WRITE_ITEMS = ("dynamodb:PutItem", "dynamodb:UpdateItem")


WRITING = (
    *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
    *("kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
)


class KeptTable(dynamodb.Table):
    """Encrypted with the customer key, recoverable to any second of the last 35 days, kept when the stack goes.

    A plain `Table`, not a `TableV2`: a global table with a customer key cannot be synthesised for an unknown Region.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, definition: tables.Table, key: CustomerKey, settings: Settings
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            partition_key=_text(tables.PARTITION),
            sort_key=_text(tables.SORT),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            time_to_live_attribute=tables.EXPIRES,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=settings.deletion_protection,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if definition.streams else None,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self._key = key
        self._indexes = [index.name for index in definition.indexes]
        for index in definition.indexes:
            self._add(index)

    def let_read(self, grantee: iam.IGrantable) -> None:
        """Let the grantee see the items, by key and by every index."""
        indexes = [f"{self.table_arn}/index/{name}" for name in self._indexes]
        self._let(grantee, READ_ITEMS, on=[self.table_arn, *indexes])
        self._key.let_through(grantee, "dynamodb", *READING)

    def let_record(self, grantee: iam.IGrantable) -> None:
        """Let the grantee see items by key and add to them, but delete none."""
        self.let(grantee, *READ_ITEMS, *WRITE_ITEMS)

    def let(self, grantee: iam.IGrantable, *actions: str) -> None:
        """Let the grantee do exactly these things to the items, without the indexes.

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html names the uses of
        the key that writing needs.
        """
        self._let(grantee, actions, on=[self.table_arn])
        self._key.let_through(grantee, "dynamodb", *(READING if set(actions) <= set(READ_ITEMS) else WRITING))

    def _let(self, grantee: iam.IGrantable, actions: Sequence[str], *, on: list[str]) -> None:
        allowed = iam.PolicyStatement(actions=list(actions), resources=on)
        grantee.grant_principal.add_to_principal_policy(allowed)

    def _add(self, index: tables.Index) -> None:
        self.add_global_secondary_index(
            index_name=index.name,
            partition_key=_text(index.partition),
            sort_key=_text(index.sort),
            projection_type=dynamodb.ProjectionType.ALL if index.included is None else dynamodb.ProjectionType.INCLUDE,
            non_key_attributes=list(index.included) if index.included else None,
        )


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
