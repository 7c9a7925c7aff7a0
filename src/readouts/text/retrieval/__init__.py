"""Fetching an article's text from the web, for one reader's own use: addresses, requests, robots, pages."""
