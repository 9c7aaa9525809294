"""What is special about the languages: folding, sentence ends, tokens, numerals and dates."""
