"""The twelve parts of a regime under pressure, one file each. README.md says how to read and write
one.
"""
