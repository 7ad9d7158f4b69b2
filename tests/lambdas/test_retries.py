from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from needs import AuditorSettings
from retries import try_again_soon

NEEDS = AuditorSettings(
    findings_table="f", use_cases_table="u", ledger_table="l", finding_days=1, queue="https://queue"
)


class Queue:
    """Remembers when messages are to come again; refuses if it is told to."""

    def __init__(self, trouble=None):
        self.asked = []
        self._trouble = trouble

    def change_message_visibility(self, *, QueueUrl, ReceiptHandle, VisibilityTimeout):  # noqa: N803
        if self._trouble:
            raise self._trouble
        self.asked.append((QueueUrl, ReceiptHandle, VisibilityTimeout))


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 60), (2, 120), (4, 480), (9, 900)])
def test_what_failed_comes_again_later_each_time(attempt, seconds):
    queue = Queue()

    try_again_soon(queue, NEEDS, receipt="r", attempt=attempt)

    assert queue.asked == [("https://queue", "r", seconds)]


def test_a_message_that_cannot_be_hurried_is_left_to_the_queue(told):
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "sqs:ChangeMessageVisibility"}}, "Change")

    try_again_soon(Queue(refused), NEEDS, receipt="r", attempt=1)

    assert "sqs:ChangeMessageVisibility" in told()
