"""Shared by all endpoints of the API: authentication, errors, pagination, edits with ETags, idempotency."""
