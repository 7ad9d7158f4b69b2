"""Reads YAML so that whatever is wrong with it is told with its file, line and key."""

from bedrock_audit.located.document import Located, located, nearest
from bedrock_audit.located.reading import LARGEST, Path

__all__ = ["LARGEST", "Located", "Path", "located", "nearest"]
