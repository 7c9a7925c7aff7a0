"""The same validation on PySpark, for data that exceeds one machine."""
