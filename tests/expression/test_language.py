"""The language of outcomes: a query engine's numbers, bounded, a sentence for what is wrong."""

from __future__ import annotations

import builtins
import os
import re
import socket
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from thermidor.expression.check import FLAG, NUMBER, TEXT, condition_faults, outcome_faults
from thermidor.expression.functions import FUNCTIONS
from thermidor.expression.parser import parse
from thermidor.expression.tree import Call, Column, Literal, say
from thermidor.expression.values import holds, numbers
from thermidor.scenario.dictionary import runs
from thermidor.scenario.load import load
from thermidor.scenario.outcomes import expression_faults, value_kinds
from thermidor.support.faults import Fault

ROOT = Path(__file__).parents[2]
KNOWN = {
    "a": NUMBER,
    "b": NUMBER,
    "survived": FLAG,
    "ending": TEXT,
    "adversary.rally": NUMBER,
    "odd name": NUMBER,
}
TABLE = pl.DataFrame(
    {
        "run": range(6),
        "a": [1.0, -7.5, 0.0, 2.5, None, 1e200],
        "b": [3.0, 0.0, -2.0, 2.5, 4.0, 1e200],
        "first_talks": pl.Series([None, 3, 90, 91, 0, 5], dtype=pl.Int32),
        "survived": [1.0, 0.0, 0.0, 1.0, 1.0, 0.0],
        "ending": ["in power", "coup", "pact", "in power", None, "uprising"],
        "adversary.rally": [-0.1, 0.2, 0.0, -0.3, 0.4, 0.1],
    }
)


def seen(expression: str, table: pl.DataFrame) -> np.ndarray:
    """What a query engine makes of an expression; NaN for what is not finite."""
    x = table.select(pl.sql_expr(expression).cast(pl.Float64).alias("x"))["x"].to_numpy()
    return np.where(np.isfinite(x), x, np.nan)


def _claimed(name: str) -> list[str]:
    tests = [t for c in load(name).claims for t in (*c.tests, *c.also)]
    return sorted({x for t in tests for x in (t.outcome, t.given) if x})


@pytest.mark.parametrize("name", ["first-steps", "iran-2025"])
def test_every_expression_of_a_bundled_scenario_gives_the_numbers_of_a_query_engine(name):
    scenario, rng, n = load(name), np.random.default_rng(4), 60
    data = {}
    for c in runs(scenario.columns):
        if c.name == "ending":
            data[c.name] = rng.choice(["in power", "coup", "uprising", "collapse", "pact"], n)
        elif c.kind == "day":
            data[c.name] = pl.Series(
                [None if x < 100 else int(x) for x in rng.integers(0, 500, n)], dtype=pl.Int32
            )
        elif c.kind != "text":
            data[c.name] = (
                rng.choice([0.0, 1.0], n) if c.kind in ("flag", "count") else rng.normal(0, 1, n)
            )
    table = pl.DataFrame(data)
    wanted = _claimed(name)
    assert wanted
    for expression in wanted:  # the engine rounds the quotient of a day to six digits
        atol = 5.1e-7 if "/" in expression else 0.0
        np.testing.assert_allclose(
            numbers(expression, table),
            seen(expression, table),
            rtol=1e-14,
            atol=atol,
            err_msg=expression,
        )


def test_the_sentences_on_behaviour_are_of_the_language(small):
    known = value_kinds(runs(small.columns))
    for row in yaml.safe_load((ROOT / "tests/behaviour/mechanisms.yaml").read_text()):
        assert not expression_faults(row["outcome"], known), row["outcome"]


@pytest.mark.parametrize(
    "expression",
    [
        "a + b * 2 - a / 4",
        "-a % 3",
        "(a - b) / b",
        "2.5e-1 * a",
        "a * -1",
        "log10(b)",
        "ln(b)",
        "log2(b)",
        "log(b, 3)",
        "sqrt(b)",
        "exp(a)",
        "abs(a)",
        "sign(a)",
        "floor(a)",
        "ceil(a)",
        "round(a)",
        "round(a / 3, 2)",
        "power(b, 2)",
        "least(a, b)",
        "greatest(a, first_talks)",
        "coalesce(first_talks, 9999) <= 90",
        "nullif(a, 0)",
        "a between 0 and 2",
        "a not between 0 and 2",
        "ending in ('coup', 'pact')",
        "ending not in ('coup')",
        "coalesce(ending = 'pact', false)",
        "ending is null",
        "a is not null",
        "not (a > 0) or b < 1",
        "a > 0 and ending <> 'coup'",
        "a = b",
        "a == b",
        "a != b",
        '"adversary.rally" < 0',
        "survived = 0",
        "case when a > 1 then a when b > 1 then b else 0 end",
        "cast(a > 0 as double)",
        "cast(a as integer)",
        "first_talks / 2",
    ],
)
def test_an_expression_gives_the_numbers_of_a_query_engine(expression):
    got, wanted = numbers(expression, TABLE[:5]), seen(expression, TABLE[:5])
    np.testing.assert_allclose(got, wanted, rtol=1e-15, equal_nan=True)


def test_a_text_may_be_chosen_and_compared():
    assert numbers("case when a > 0 then ending else 'none' end = 'none'", TABLE).tolist() == [
        0,
        1,
        1,
        0,
        1,
        0,
    ]
    assert holds("nullif(ending, 'coup') is null", TABLE).tolist() == [
        False,
        True,
        False,
        False,
        True,
        False,
    ]


def test_a_column_of_zeros_and_ones_may_stand_as_a_condition():
    assert holds("survived", TABLE).tolist() == [True, False, False, True, True, False]
    assert holds("not survived and a < 0", TABLE).tolist() == [
        False,
        True,
        False,
        False,
        False,
        False,
    ]
    assert not condition_faults(parse("survived"), KNOWN) and condition_faults(parse("a"), KNOWN)


def test_what_has_no_finite_value_is_not_there_and_a_condition_of_it_does_not_hold():
    assert np.isnan(numbers("a / (b - 2.5)", TABLE)[3]) and np.isnan(numbers("a * b", TABLE)[5])
    assert numbers("a / (b - 2.5) is null", TABLE).tolist() == [0, 0, 0, 1, 1, 0]
    assert (
        holds("1 / (b - 2.5) > 0", TABLE)[3]
        == holds("not 1 / (b - 2.5) > 0", TABLE)[3]
        == np.False_
    )


# -- properties

value = st.floats(-1e3, 1e3, allow_nan=False).map(lambda x: round(x, 3))
arithmetic = st.recursive(
    st.one_of(st.sampled_from(["a", "b"]), value.map(lambda x: f"({x!r})")),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
        lambda t: f"({t[0]} {t[1]} {t[2]})"
    ),
    max_leaves=12,
)


@given(text=arithmetic, a=value, b=value)
@settings(max_examples=300, deadline=None)
def test_arithmetic_is_that_of_python(text, a, b):
    text = f"a * 0 + {text}"
    try:
        wanted = eval(
            text, {"__builtins__": {}}, {"a": a, "b": b}
        )  # numbers and signs that were made here
    except ZeroDivisionError:
        wanted = float("nan")
    (got,) = numbers(text, pl.DataFrame({"a": [a], "b": [b]}))
    assert got == wanted or (np.isnan(got) and not np.isfinite(wanted))


names = st.one_of(
    st.sampled_from([*KNOWN, "and", "a b", 'q"uote', "Ümlaut", "x.in"]),
    st.text(min_size=1, max_size=8),
)
leaves = st.one_of(
    names.map(Column),
    st.floats(0, 1e300, allow_nan=False).map(Literal),
    st.text(max_size=6).map(Literal),
    st.sampled_from([Literal(True), Literal(False), Literal(None)]),
)


def _calls(inner: st.SearchStrategy) -> st.SearchStrategy:
    two = st.sampled_from(["+", "-", "*", "/", "%", "=", "<>", "<", "<=", ">", ">=", "and", "or"])
    one = st.sampled_from(
        ["negative", "not", "is null", "number", "whole", "condition", "abs", "log10"]
    )
    many = st.sampled_from(["in", "coalesce", "least"])
    return st.one_of(
        st.builds(lambda n, a, b: Call(n, (a, b)), two, inner, inner),
        st.builds(lambda n, a: Call(n, (a,)), one, inner),
        st.builds(lambda n, of: Call(n, tuple(of)), many, st.lists(inner, min_size=2, max_size=4)),
        st.builds(lambda *of: Call("between", of), inner, inner, inner),
        st.builds(lambda *of: Call("case", of), inner, inner, inner),
        st.builds(lambda *of: Call("case", of), inner, inner, inner, inner, inner),
    )


@given(st.recursive(leaves, _calls, max_leaves=15))
@settings(max_examples=500, deadline=None)
def test_a_tree_that_is_printed_is_read_as_the_same_tree(tree):
    try:
        assert parse(say(tree)) == tree
    except Fault as e:
        assert "nested deeper" in str(e)


bits = st.sampled_from(
    [
        "a",
        "b",
        "survived",
        "ending",
        "'coup'",
        "1",
        "2.5",
        "1e9",
        "(",
        ")",
        ",",
        "+",
        "-",
        "*",
        "/",
        "%",
        "=",
        "<",
        ">=",
        "<>",
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "between",
        "case",
        "when",
        "then",
        "else",
        "end",
        "cast",
        "as",
        "double",
        "true",
        "log10(",
        "coalesce(",
        "round(",
        "count(",
        "select",
        "from",
        ";",
        "--",
        "[",
        '"',
        "'",
        ".",
        "é",
        "\x00",
        "9" * 400,
        "\u0663",
    ]
)


@given(
    st.one_of(
        st.lists(bits, max_size=25).map(" ".join),
        st.text(max_size=60),
        st.text("()-+ a'\"n", max_size=300),
    )
)
@settings(max_examples=600, deadline=None)
def test_nothing_but_a_sentence_comes_of_any_text(text):
    try:
        tree = parse(text)
        faults = outcome_faults(tree, KNOWN) + condition_faults(tree, KNOWN)
        assert all(f.endswith((".", "?")) and "\n" not in f for f in faults)
        numbers(text, TABLE)
    except Fault as e:
        assert e.code == 2 and str(e)


@given(st.lists(bits, max_size=12).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_what_passes_the_check_can_be_computed(text):
    try:
        tree = parse(text)
    except Fault:
        return
    kinds = dict.fromkeys(TABLE.columns, NUMBER) | {"ending": TEXT, "survived": FLAG}
    if not outcome_faults(tree, kinds):
        assert numbers(text, TABLE).shape == (6,)


# -- bounds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(" * 26 + "a" + ")" * 26, "values are nested deeper than 25 levels"),
        ("- " * 200 + "a", "values are nested deeper than 25 levels"),
        ("not " * 200 + "survived", "values are nested deeper than 25 levels"),
        ("abs(" * 30 + "a" + ")" * 30, "values are nested deeper than 25 levels"),
        ("a" + " + a" * 200, "it has more than 300 words and signs"),
        ("a + " * 1500, "at most 4,000 are read"),
        ("a in (" + "1, " * 300 + "2)", "it has more than 300 words and signs"),
        ("9" * 400 + " + a", "is too large a number"),
        ("power(10, 1e999) + a", "'1e999' is too large a number"),
    ],
)
def test_an_expression_is_bounded(text, says):
    with pytest.raises(Fault, match=re.escape(says)):
        parse(text)


def test_the_longest_chain_can_be_computed():
    assert numbers("a" + " + 1" * 149, TABLE)[0] == 150
    assert numbers("survived" + " or survived" * 149, TABLE)[0] == 1


# -- nothing outside

HOSTILE = [
    "(select count(*) from read_parquet('runs.parquet'))",
    "exists (select 1 from scan_csv('/etc/hostname'))",
    "read_ndjson('/dev/zero')",
    "a in (select b from other)",
    "a > (table other)",
    "(values (1))",
    "glob('/home/*')",
    "load_extension('x')",
    "shell('id')",
    "system('id')",
    "env('HOME')",
    "__import__('os')",
    "a.__class__",
    "eval('1')",
    "generate_series(1, 99999999999)",
    "repeat('x', 1000000000)",
    "unnest(a)",
    "a::decimal(99, 99)",
    "cast(a as decimal(99, 99))",
    "cast('/etc/passwd' as double) + a",
    "regexp_matches(ending, '(a+)+$')",
    "a; select 1",
    "a /* x */",
    "a -- x",
    "$1 + a",
    "lambda x: x",
    "with t as (select 1) a",
    "a over (order by b)",
    "sum(a) over ()",
    "random() + a",
    "now()",
    "a collate nocase",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_expression_reaches_a_file_a_table_or_the_network(text, monkeypatch):
    touched = []
    for where, name in (
        (builtins, "open"),
        (os, "open"),
        (socket, "socket"),
        (os, "scandir"),
        (os, "listdir"),
        (os, "system"),
    ):
        monkeypatch.setattr(where, name, lambda *a, name=name, **k: touched.append(name))
    for kinds in (outcome_faults, condition_faults):
        try:
            assert kinds(parse(text), KNOWN)
        except Fault as e:
            assert str(e)
    monkeypatch.undo()
    assert not touched


def test_no_text_is_handed_to_a_query_engine():
    engines = re.compile(r"sql_expr|SQLContext|pl\.sql|\.sql\(|\beval\(|\bexec\(")
    found = [
        path.name
        for path in (ROOT / "thermidor").rglob("*.py")
        if engines.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["rows.py"]  # which runs what it made of a mechanism's own step


def test_the_page_lists_what_may_be_called():
    page = (ROOT / "docs" / "expressions.md").read_text(encoding="utf-8")
    table = page[page.index("| function |") : page.index("`pow` is")]
    for name, function in FUNCTIONS.items():
        assert re.search(rf"\| `{name}\(.*` \| {re.escape(function.says)} \|", table), name
    assert {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)\(", row)} == set(
        FUNCTIONS
    )
