"""The model of a country as the page shows it: its wiring, its words, its ledger, its tests."""
