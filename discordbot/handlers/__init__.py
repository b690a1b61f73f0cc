"""What happens when a member presses, chooses or submits: translate, call the club, render."""
