"""Where an outcome tips: boxes of a few assumptions in which it holds far more often.

`boxes` finds them with PRIM and with a tree, `halves` asks whether they hold in futures kept aside,
`signposts` what could be seen beforehand, `discover` says it, `written` keeps and draws it.
"""
