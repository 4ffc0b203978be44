"""The bank's electronic seal on its documents: PAdES signatures of the bank's key, put on and checked.

``keys`` reads the key and its certificates from files; ``sealing`` puts a seal on a PDF or a statement and
says what another maker of seals has to offer; ``installed`` is the one seal of this installation; ``marks``
finds seals in bytes that nobody vouches for; ``checking`` says what a seal is worth.
"""
