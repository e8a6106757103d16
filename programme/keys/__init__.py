"""Keys of the organisation, made by owners, and personal tokens, made by each member for their own data."""
