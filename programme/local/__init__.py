"""Embedded PostgreSQL, Valkey and a mail catcher for development, tests and `make run`.

Needs no Django settings: it produces the environment variables that settings read.
"""
