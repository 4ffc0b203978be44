"""The ledger: every recorded document in one chain, append-only, its head sealed as the days pass.

``chain`` appends; ``heads`` seals the head; ``verifying`` walks it and names what is not as it was written,
``verify_command`` says so (``make verify-ledger``); ``guards`` are the database's own refusals to change it.
"""
