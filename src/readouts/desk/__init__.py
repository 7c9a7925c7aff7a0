"""The desk: a page in the browser, served to this computer only, where a person annotates, confirms and curates."""
