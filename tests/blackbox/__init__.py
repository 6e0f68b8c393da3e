"""Ring 4: any deployment of the agent, over HTTP."""
