"""A substitute for the Workers runtime's own package: the guard against randomness at start-up.

A Worker's top-level code runs once and its memory is copied into every isolate, so random numbers generated
there would be the same for everyone, and the runtime refuses to generate any. The interface is the part of
the runtime's that `workers-runtime-sdk` and the Worker use.
"""
