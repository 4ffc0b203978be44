"""How people write sums, dates, terms and choices, in Chinese, English and both at once.

Nothing in here knows Rasa: text and a date go in, values with their places in the text come out.
Entry point: :func:`bot.components.grammar.reading.read_values`.
"""
