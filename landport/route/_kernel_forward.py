"""Forward scan of a timetable: the earliest arrival everywhere, and how. Arrays only."""

import numpy as np

from landport._compile import njit, njit_lent
from landport.route._kernel_table import NEVER, Ints, Table, begun


@njit_lent
def feed(row: int, at: int, table: Table, boards: Ints, fed: Ints) -> None:
    """Let a load that is at a row, and can be worked on, at minute `at` board every class it can change to."""
    for e in range(table.change_at[row], table.change_at[row + 1]):
        then = at + table.change[e, 1]
        if then < boards[table.change[e, 0]]:
            boards[table.change[e, 0]] = then
            fed[table.change[e, 0]] = row


@njit_lent
def feed_late(row: int, at: int, begins: int, table: Table, boards: Ints, fed: Ints) -> None:
    """Do the same for a load that is there at minute `at` and worked on from minute `begins`."""
    for e in range(table.change_at[row], table.change_at[row + 1]):
        then = max(at + table.change[e, 1], begins + table.change[e, 5])
        if then < boards[table.change[e, 0]]:
            boards[table.change[e, 0]] = then
            fed[table.change[e, 0]] = row


@njit_lent
def reach(row: int, at: int, target: int, table: Table, best: Ints, came: Ints, boards: Ints, fed: Ints) -> int:
    """Note that a load reaches a row earlier than known, and how trucks go on; answers the minute at the target."""
    best[row] = at
    end = at if table.place[row] == target else NEVER
    begins = begun(row, at, table.open_at, table.opens)
    if begins == at:
        feed(row, at, table, boards, fed)
    else:
        feed_late(row, at, begins, table, boards, fed)
    for x in range(table.truck_at[row], table.truck_at[row + 1]):
        there, then = table.truck[x, 0], begins + table.truck[x, 1]
        if then < best[there]:
            best[there], came[there, 0] = then, -2 - x
            feed_late(there, then, begun(there, then, table.open_at, table.opens), table, boards, fed)
            if table.place[there] == target:
                end = min(end, then)
    return end


@njit
def earliest(table: Table, blocked: Ints, start: int, ready: int, first: int, target: int) -> tuple[Ints, Ints]:
    """Find the earliest arrival at every row, for a load that is at row `start` from minute `ready`.

    `first` is the first leg that leaves at `ready` or later. Once nothing can be earlier at place `target` the scan
    ends; -1: all rows are wanted. `blocked` (n,): 1 where the load may not ride.

    Answers `best` (r,): minute, NEVER if not reached; `came` (r, 3), where reached: leg by which it comes (-2 - x: by
    truck x, -1: start), leg at which its run was boarded, row from which. O(n + improvements). Dibbelt et al. 2013;
    boarding is looked up by class, so a leg that nothing boards costs four reads. (Class -1 reads the last entry, which
    nothing feeds.)
    """
    n_rows, n, n_runs = table.place.shape[0], table.departs.shape[0], table.run_at.shape[0]
    best = np.full(n_rows, NEVER, np.int64)
    came = np.empty((n_rows, 3), np.int64)
    came[start] = -1
    boards = np.full(table.board_at.shape[0], NEVER, np.int64)
    fed = np.full(table.board_at.shape[0], -1, np.int64)
    on_board = np.zeros(n_runs, np.bool_)
    entered = np.empty((n_runs, 2), np.int64)
    end = reach(start, ready, target, table, best, came, boards, fed)
    for leg in range(first, n):
        departs, run = table.departs[leg], table.run[leg]
        if departs >= end:
            break
        if not on_board[run]:
            if boards[table.board[leg]] > departs or blocked[leg]:
                continue
            on_board[run] = True
            entered[run, 0], entered[run, 1] = leg, fed[table.board[leg]]
        elif blocked[leg]:
            on_board[run] = False
            continue
        row = table.land[leg]
        if row >= 0 and table.arrives[leg] < best[row]:
            came[row, 0], came[row, 1], came[row, 2] = leg, entered[run, 0], entered[run, 1]
            end = min(end, reach(row, table.arrives[leg], target, table, best, came, boards, fed))
    return best, came
