"""What the dashboard says, before it is a page or JSON: windows of weeks, levels and their changes, findings in words.

`windows`, `levels` and `findings` are pure; `weeks` reads a member's rows; `rights` says whose may be read by whom.
"""
