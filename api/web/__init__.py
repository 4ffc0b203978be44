"""What people see: templates, words, style, and the pure layer that renders them."""
