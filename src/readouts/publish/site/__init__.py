"""The reading room: a release as pages that need no server and fetch nothing from elsewhere."""
