"""What moves an outcome: how much of its differences each assumption, and each lever, carries.

`sample` reads a study; `given` and `regional` measure on futures as they were drawn, `designed` on
a Saltelli design; `overtime` measures day by day; `drivers` says it, `written` keeps and draws it.
"""
