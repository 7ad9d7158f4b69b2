"""Sets up Bedrock's invocation logging next to whatever is there: look first, adopt or merge, remember, restore."""
