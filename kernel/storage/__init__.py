"""Files: what they are (sniffing) and where they lie (blobs)."""
