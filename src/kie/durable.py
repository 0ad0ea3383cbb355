"""Batches that survive crashes of processes and machines: `pip install 'kie[durable]'`.

Many machines share one database, one limit and one budget. Nothing is sent twice, whatever is killed when. Most batches
do not need it: see docs/durable.md. May import every room below.

::

    with Durable("sqlite:///runs.sqlite", machine="box-1", budget=20_000) as engine:
        batch = engine.batch("spring", requests)
        for outcome in batch.stream():
            print(outcome.index, outcome.state)
"""

from __future__ import annotations

from kie._durable.durable import Durable, DurableBatch

__all__ = ["Durable", "DurableBatch"]
