"""What is asked of finished studies: what moves an outcome, where it tips, what would overturn it.

Everything here reads folders of futures that were computed before.
"""
