"""The verbs of this room: opening, closing, publishing, objecting, pairing, adjusting."""
