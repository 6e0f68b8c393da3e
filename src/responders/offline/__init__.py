"""The offline demo: answers found in the knowledge by the words of the conversation, without a model."""
