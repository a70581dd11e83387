"""Which parameters move the model, which only a record, and which nothing at all."""
