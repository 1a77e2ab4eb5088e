"""What people do with checks: record a round or a sheet, take it back, decide on what is held."""

from xiangyue.checks.actions.deciding import accept_held, dismiss_held, take_in_late
from xiangyue.checks.actions.recording import Fault, record_round, record_sheet, undo

__all__ = ["Fault", "accept_held", "dismiss_held", "record_round", "record_sheet", "take_in_late", "undo"]
