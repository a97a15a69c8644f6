"""The rules of the model, pure Python: no database, no screen, no clock."""
