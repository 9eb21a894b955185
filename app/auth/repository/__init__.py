"""The statements of sessions, keys, consent and the access log.

`authenticate` and `find` of a key are among the few without a caller: they find out who calls.
"""
