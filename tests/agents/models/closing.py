"""What a test owes a model that it made with an HTTP client of its own."""

from langchain_core.language_models import BaseChatModel

__all__ = ["close"]


async def close(model: BaseChatModel) -> None:
    """Close its connections. LangChain's own client is shared by all models of a URL, and is not for this."""
    client = getattr(model, "root_async_client", None)
    if client is not None:
        await client.close()
