"""The language of outcomes and conditions: it reads the columns of one future, and nothing else.

A text becomes a tree (`parser`), the tree is checked against the columns that there are (`check`),
and then computed on a table of futures, a row each (`values`). No text ever reaches a database, a
file, the network or Python.
"""
