"""The logo of an organisation: an uploaded picture becomes two small PNGs of ours."""
