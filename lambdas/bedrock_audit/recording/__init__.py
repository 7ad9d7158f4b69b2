"""What an observation makes of a stored finding, the same in every store."""

from bedrock_audit.recording.bounds import bounded
from bedrock_audit.recording.join import Kept, Stored, decided, outcome, recorded, stamp
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
    "decided",
    "joined",
    "outcome",
    "recorded",
    "stamp",
]
