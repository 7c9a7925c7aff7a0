"""What statements mean together: sides, compared accounts, agreement, annotated text."""
