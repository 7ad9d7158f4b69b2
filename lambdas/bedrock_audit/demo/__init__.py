"""A small organisation's day of Bedrock logs, made up so that everybody can see what the product does."""

from bedrock_audit.demo.day import write_day

__all__ = ["write_day"]
