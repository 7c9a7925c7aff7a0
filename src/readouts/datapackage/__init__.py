"""Any Data Package: read, validated, compared, merged, exported."""
