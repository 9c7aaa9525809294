"""The chat page, the doors for other programs and the health checks over HTTP; the only room that knows Gradio,
FastAPI and uvicorn."""

import os

# Read by Gradio: nothing is told to its makers, and what a page's events took is not summed up anew after each.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"

from qa.server.app import create_app
from qa.server.serve import check_address, serve

__all__ = ["check_address", "create_app", "serve"]
