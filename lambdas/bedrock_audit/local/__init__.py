"""The ports on this machine: log files, and one SQLite file for everything that is kept."""

from bedrock_audit.local.sqlite import open_stores as open_stores
from bedrock_audit.local.sqlite.database import in_words as in_words
