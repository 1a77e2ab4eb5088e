"""Ground for every app: scope, change log, problem catalogue, short writes, tasks with progress."""
