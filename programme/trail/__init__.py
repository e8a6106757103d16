"""The page and the download of the audit trail, for owners and admins."""
