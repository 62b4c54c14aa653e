"""The HTTP edge: the only place in the kernel that knows the web framework."""
