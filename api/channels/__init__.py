"""How words come in and go out: the chat page, SMS, and the assistant that answers."""
