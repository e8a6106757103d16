"""What every endpoint of the API shares: who asks, what is refused in which form, pages of lists, edits, repeats."""
