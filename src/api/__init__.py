"""HTTP: routes, schemas, errors, limits, streams and exports."""
