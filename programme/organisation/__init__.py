"""The settings of an organisation, for owners and admins."""
