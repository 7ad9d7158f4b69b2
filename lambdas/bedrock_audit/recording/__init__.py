"""What an observation makes of a stored finding, the same in every store."""

from bedrock_audit.recording.bounds import bounded, bounded_history
from bedrock_audit.recording.join import Kept, Stored, outcome, recorded
from bedrock_audit.recording.unit import Arrival, Backing, Gathered, Pending, Unit, Written, asked_anew, joined

__all__ = [
    "Arrival",
    "Backing",
    "Gathered",
    "Kept",
    "Pending",
    "Stored",
    "Unit",
    "Written",
    "asked_anew",
    "bounded",
    "bounded_history",
    "joined",
    "outcome",
    "recorded",
]
