"""Sees what is in an exchange: which clauses hold, on which words. Whether that is allowed is decided elsewhere."""

from bedrock_audit.detect.detector import Detector
from bedrock_audit.detect.match import Match

__all__ = ["Detector", "Match"]
