"""Ring 4: any deployment of the agent, over HTTP.

`test_agent.py` asserts only what holds for every deployment, whatever its knowledge, model, settings and
limits. What only a server on this machine can promise is in `test_local.py`, which --base-url leaves out.
"""
