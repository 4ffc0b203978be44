"""What is held of people, as a whole: its keys, what of it they may have, and what of it must go.

It stands after every other room, because it knows every table; no page leads here, only commands.
"""
