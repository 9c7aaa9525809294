"""The chat page and the health checks over HTTP; the only room that knows Gradio, FastAPI and uvicorn."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by Gradio when it is imported

from qa.server.app import create_app
from qa.server.serve import check_address, serve

__all__ = ["check_address", "create_app", "serve"]
