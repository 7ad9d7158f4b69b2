"""The audit engine: turns Bedrock model-invocation logs into findings about the AWS Responsible AI Policy."""

__version__ = "0.1.0"
