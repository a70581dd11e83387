"""What leaves the laboratory: tables in other formats, citations, a bundle that repeats itself."""
