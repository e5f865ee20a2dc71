"""What is French and of no lifecycle: working days, telephone numbers, the RIO and its key."""
