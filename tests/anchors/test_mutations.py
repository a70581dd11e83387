"""The checks do exercise the shared code: a small change of any rule makes at least one fast
published check fail.

Each mutation rewrites a few words of a function's source, compiles it anew, and runs the checks of
the model that rests on it.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import textwrap

import pytest
from numba import njit

from tests.anchors.test_published import forget
from thermidor import published

GOES, DECIDES, PART, REPLY = (
    *(f"kernels.decision.{f}" for f in ("goes_out", "decides", "part_out")),
    "kernels.coordination.reply",
)
DECIDE, GRAPH = "kernels.crowd._decide", ("kernels.graph.decide", "kernels.graph.cascade")
# function, words, words in their place, functions to compile again, a model that must notice
MUTATIONS = [
    # the citizens' decision
    (GOES, "return utility >= -GUARD", "return utility >= 0.03", (DECIDES, *GRAPH), "watts"),
    (GOES, "return utility >= -GUARD", "return utility > GUARD", (DECIDES, *GRAPH), "watts"),
    (GOES, "return utility >= -GUARD", "return utility > GUARD", (DECIDES, GRAPH[0]), "kuran"),
    (GOES, "return utility >= -GUARD", "return utility >= 0.05", (), "cascades"),
    (GOES, "return utility >= -GUARD", "return utility >= 0.02", (DECIDES, DECIDE), "granovetter"),
    (DECIDE, "tie_weight * friends", "0.97 * tie_weight * friends", (), "centola_macy"),
    (
        PART,
        "math.exp(-utility / noise)",
        "math.exp(-(utility - 0.02) / noise)",
        ("kernels.crowd.share_out",),
        "siegel",
    ),
    (
        "kernels.graph.decide",
        "tie_pull[i] * street",
        "0.97 * tie_pull[i] * street",
        GRAPH[1:],
        "centola_macy",
    ),
    ("mechanisms.citizens.felt", "share / (", "1.03 * share / (", (), "granovetter"),
    (
        GOES,
        "return utility >= -GUARD",
        "return utility >= 0.002",
        ("kernels.civil.share_out",),
        "epstein",
    ),
    (
        "kernels.decision.net",
        "risk * deterrence",
        "0.98 * risk * deterrence",
        ("kernels.civil.share_out",),
        "epstein",
    ),
    (
        "kernels.fates.arrest_chance",
        "math.exp(-k * ratio)",
        "math.exp(-1.02 * k * ratio)",
        (),
        "epstein",
    ),
    # the cut-off of the forces
    (
        REPLY,
        "(alpha + beta) / beta) * lost[k]",
        "(alpha + beta) / beta) * 0.97 * lost[k]",
        ("kernels.coordination.cutoff",),
        "morris_shin",
    ),
    (
        REPLY,
        "math.sqrt(beta) * (star - z)",
        "math.sqrt(beta) * 1.03 * (star - z)",
        ("kernels.coordination.cutoff",),
        "morris_shin",
    ),
    (
        "kernels.coordination.signal",
        "stands * normal(",
        "0.97 * stands * normal(",
        (REPLY,),
        "angeletos_hellwig_pavan",
    ),
    # a gap, not run (no model named): no published check notices this change of the condition under
    # which pretence pays
    (
        "kernels.coordination.feigned",
        "cost * (y - low) >= low",
        "1.03 * cost * (y - low) >= low",
        ("kernels.coordination.feigned_cutoff",),
        None,
    ),
    (
        "kernels.coordination.feigned",
        "(crowd + cost * y)",
        "(crowd + 1.02 * cost * y)",
        ("kernels.coordination.feigned_cutoff",),
        "edmond",
    ),
    # patronage, persuasion, belief
    ("mechanisms.elites.patronage_share", "(1 - patience)", "(1.02 - patience)", (), "selectorate"),
    ("mechanisms.elites.private_part", "price / (", "0.98 * price / (", (), "selectorate"),
    (
        "mechanisms.elites.temptation",
        "success * prize",
        "1.02 * success * prize",
        (),
        "kreps_wilson",
    ),
    ("mechanisms.media.persuade", "most = prior", "most = 1.02 * prior", (), "persuasion"),
    ("mechanisms.media.believes", "+ evidence", "+ 1.02 * evidence", (), "lohmann"),
    # deals and war
    ("mechanisms.adversary.attack_pays", "- now > cost", "- now > 1.02 * cost", (), "fearon"),
    (
        "mechanisms.adversary.attack_pays",
        "patience * later",
        "0.98 * patience * later",
        (),
        "powell",
    ),
    ("mechanisms.negotiation.gain_of_breaking", "- pie", "- 1.02 * pie", (), "powell"),
    (
        "mechanisms.negotiation.proposer_share",
        "1 - first * second",
        "1.02 - first * second",
        (),
        "rubinstein",
    ),
    (
        "mechanisms.negotiation.promise_threshold",
        "* gain",
        "* 1.02 * gain",
        (),
        "acemoglu_robinson",
    ),
    (
        "mechanisms.broker.weight_needed",
        "error * peace_value",
        "1.02 * error * peace_value",
        (),
        "kydd",
    ),
    (
        "mechanisms.ruler.chances",
        "e = np.exp(",
        "utility = utility * [1.02, 1, 1][:utility.size]; e = np.exp(",
        (),
        "guriev_treisman",
    ),
    (
        "mechanisms.treasury.settle_accounts",
        "reserves - gap",
        "reserves - 1.02 * gap",
        (),
        "gamblers_ruin",
    ),
]


def rebuilt(name: str, old: str = "", new: str = ""):
    """(module, attribute, function): the function compiled anew from its source, with these words
    replaced, in the module as it is now.
    """
    module, function = name.rsplit(".", 1)
    module = importlib.import_module(f"thermidor.{module}")
    now = getattr(module, function)
    source = textwrap.dedent(inspect.getsource(getattr(now, "py_func", now)))
    assert old in source, f"{name} no longer says '{old}'"
    space = dict(vars(module))
    exec(source.replace(old, new, 1).replace("cache=True", "cache=False"), space)
    made = space[function]
    if function.startswith("_"):  # a kernel that is compiled in two ways
        return module, function[1:], njit(made)
    return module, function, made


@functools.cache
def passes_unchanged(model: str) -> bool:
    """Whether its checks pass; the kernels are then compiled with the rules as they are."""
    forget()
    return not [c for c in published.models()[model].checks(False) if not c.passed]


@pytest.mark.parametrize(
    "function, old, new, again, model",
    [m for m in MUTATIONS if m[4]],
    ids=lambda x: x if isinstance(x, str) and "." not in x else "",
)
def test_a_small_change_of_a_rule_is_noticed(monkeypatch, function, old, new, again, model):
    assert passes_unchanged(model)
    with monkeypatch.context() as patch:
        patch.setattr(
            "numba.core.caching._Cache.save_overload", lambda *_: None, raising=False
        )  # nothing changed outlives the test
        patch.setattr("numba.core.caching.Cache.save_overload", lambda *_: None)
        patched = [(function, old, new), *((name, "", "") for name in again)]
        for name, a, b in patched:
            module, attribute, made = rebuilt(name, a, b)
            before = getattr(module, attribute)
            for place in (
                module,
                *(
                    importlib.import_module(f"thermidor.kernels.{k}")
                    for k in ("civil", "crowd", "graph")
                ),
            ):
                if getattr(place, attribute, None) is before:
                    patch.setattr(place, attribute, made)
        forget()
        try:
            noticed = any(not c.passed for c in published.models()[model].checks(False))
        except ValueError:  # no threshold, or another number of roots: the check has noticed
            noticed = True
    forget()
    assert noticed


def test_without_a_change_nothing_is_noticed():
    """The machinery of this file by itself moves no number, nor has a change outlived its test: not
    in the models that several tests change.
    """
    tried = [model for *_, model in MUTATIONS if model]
    with pytest.MonkeyPatch.context() as patch:
        for name in ("kernels.graph.decide", "kernels.graph.cascade", "mechanisms.media.persuade"):
            module, attribute, made = rebuilt(name)
            patch.setattr(module, attribute, made)
        forget()
        assert all(
            c.passed
            for model in {m for m in tried if tried.count(m) > 1} | {"persuasion"}
            for c in published.models()[model].checks(False)
        )
    forget()
