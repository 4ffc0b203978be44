"""Evidence: income, illness or living costs shown by a paper, where policy wants one before a signature.

``wanted`` says (purely) what policy asks for; ``contents`` and ``scanner`` look at a file; ``receiving`` and
``deciding`` record what became of it; ``records`` reads. Files are encrypted columns of their own table.
"""
