"""What the languages of the control side share: texts, trees, and what is wrong with them."""
