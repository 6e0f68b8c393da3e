"""What is measured inside Pyodide: copied beside the Worker's own modules for the time of a run."""
