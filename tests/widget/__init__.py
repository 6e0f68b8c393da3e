"""The widget's sources, its build, its types and its documentation: what shows without a browser."""
