"""A language model behind an OpenAI-compatible address: attached, let write, stopped. It knows nothing of articles."""

from qa.llm.breaker import Breaker
from qa.llm.draft import Draft, Stop, Usage
from qa.llm.endpoint import Endpoint, endpoint_of
from qa.llm.judges import Judges
from qa.llm.model import LanguageModel, Message

__all__ = ["Breaker", "Draft", "Endpoint", "Judges", "LanguageModel", "Message", "Stop", "Usage", "endpoint_of"]
