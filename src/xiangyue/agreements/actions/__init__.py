"""The verbs of this room: schemes drafted and published, consents recorded and revoked."""
