"""The package that only the Workers runtime has, for the bench: the guard against randomness at start-up.

A Worker's top-level code runs once and its memory is copied into every isolate, so random numbers drawn
there would be the same for everyone; the runtime refuses them. The interface is the runtime's, as
`workers-runtime-sdk` and the Worker use it.
"""
