"""The engine: events, workflows, guards, aggregates, views and reactions; it knows no telecom word."""
