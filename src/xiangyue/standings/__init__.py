"""Periods, closing, results, boards, pairs, notices."""
