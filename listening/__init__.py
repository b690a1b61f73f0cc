"""What members listen to: plays from every source, once each, and the totals drawn from them.

May import `catalog`, `social` and the plumbing; never `club`. Nothing is stored here yet: the catalog and the people
that listens will point at come first.
"""
