"""Channels that need no AWS: a stream or file, and webhooks."""
