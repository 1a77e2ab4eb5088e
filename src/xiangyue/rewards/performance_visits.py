"""The visits part of a performance: how often each bearer of a layer was where it had to be in the period."""

from __future__ import annotations

from xiangyue.duties.layers import LayerOn
from xiangyue.duties.models import Duty
from xiangyue.duties.visit_models import Visit
from xiangyue.duties.visits.keeping import facts_of, kept_of
from xiangyue.duties.visits.marks import Mark
from xiangyue.rewards.working import Work
from xiangyue.rules.performance import Figure
from xiangyue.rules.settings import Layer

type Rates = dict[tuple[int | None, int | None], Figure]


def visit_rates(work: Work, layer: Layer) -> Rates:
    """(Person, organisation) → the visit rate of the period, of those who owed any.

    Nobody's, where no visit of the layer is on file: then they were not recorded, which is not the same as not made.
    Nor of layers seen at the door each day: those checks are the targets' own figures, and count there.
    """
    span, cadence = work.span, layer.cadence
    if cadence is None or (cadence.every == "day" and cadence.per == "target"):
        return {}
    on_file = Visit.objects.counting().between(span.starts_on, span.ends_on).below(work.ground.path)
    if not on_file.filter(scheme=work.code, layer=layer.code).exists():
        return {}
    one = LayerOn(work.ground.pk, work.code, work.scheme.name, layer)
    rows = Duty.objects.live(span.ends_on).below(work.ground.path).filter(scheme=work.code, layer=layer.code)
    found: Rates = {}
    for mark, kept in kept_of(facts_of(one, rows, span.starts_on, span.ends_on), span).items():
        bearer = Mark.read(mark)
        key = (bearer.pk, None) if bearer.kind == "p" else (None, bearer.pk)
        if kept.rate is not None:
            found[key] = Figure(kept.rate, kept.kept, kept.due, kept.why)
    return found
