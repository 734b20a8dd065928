"""Text messages: the provider's room. Nothing lives here yet; the e-mail room shows how a channel is built."""
