"""What an installation from the image needs once: secrets, databases, the first three administrators."""
