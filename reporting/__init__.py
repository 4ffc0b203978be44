"""How measurements are shown: tables and charts, on a terminal and in a document."""
