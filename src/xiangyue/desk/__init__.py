"""List, detail, edit, import, export and history for any registered model."""
