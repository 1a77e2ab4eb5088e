"""The verbs of this room: places added and edited, states of households, and the restructuring of the tree."""
