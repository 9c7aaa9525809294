"""The widget: a small script for a publisher's pages, and the panel that it opens in a frame."""

from qa.server.widget.routes import widget_routes

__all__ = ["widget_routes"]
