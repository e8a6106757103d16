"""A curriculum as content: what it is, how it is read, written, judged, compared and moved to. Rows are in `models`."""
