"""What is said of each bad expression, word for word: what, at which character, the likely repair."""
from __future__ import annotations

import pytest

from thermidor.expression.check import FLAG, NUMBER, TEXT
from thermidor.outcomes import expression_faults

KNOWN = {"day": NUMBER, "killed_protest": NUMBER, "executed": NUMBER, "survived": FLAG, "ending": TEXT, "adversary.rally": NUMBER}
OUTCOMES = {
    "": "it is empty; name a column, such as survived.",
    "killed_protests": "there is no column 'killed_protests' (character 1). Did you mean 'killed_protest'?",
    "survived + ralli": "there is no column 'ralli' (character 12).",
    "adversary.raly < 0": "there is no column 'adversary.raly' (character 1). Did you mean 'adversary.rally'?",
    "7 * 6": "it reads no column of a future, so that it is the same in all of them.",
    "ending": "it is a text, and an outcome is a number or a condition, such as ending = 'coup'.",
    "ending + 1": "ending is a text, and '+' takes numbers; texts are compared by =, <> and in (character 1).",
    "ending > 'coup'": [
        "ending is a text, and '>' takes numbers; texts are compared by =, <> and in (character 1).",
        "'coup' is a text, and '>' takes numbers; texts are compared by =, <> and in (character 10)."],
    "ending = 1": "1 is a number, and '=' has a text beside it (character 10).",
    "(day > 3) + survived": "day > 3 is a condition, and '+' takes numbers; write case when day > 3 then 1 else 0 end (character 6).",
    "day and survived": "day is a number, and 'and' takes conditions; write day > 0 (character 1).",
    "not ending": "ending is a text, and 'not' takes conditions; write ending = 'coup' (character 5).",
    "case when executed then 1 else 0 end": "executed is a number, and 'when' takes conditions; write executed > 0 (character 11).",
    "case when survived then 'yes' else 0 end": "0 is a number, and 'case' has a text beside it (character 36).",
    "case survived when 1 then 2 end": "'case' needs 'when' and a condition where 'survived' stands (character 6).",
    "case when survived then 1": "'case' needs 'end' where the end stands (character 26).",
    "coalesce(survived, 3, true)": "true is a condition, and 'coalesce' has a number beside it (character 23).",
    "survived = 'yes'": "survived is a number, and '=' has a text beside it (character 1).",
    "day = null": "nothing equals null; write 'is null' or 'is not null' (character 7).",
    "cast(ending as double)": "ending is a text and cannot be cast (character 6).",
    "cast(day as text)": "a value is cast as double, integer or boolean, not as 'text' (character 13).",
    "avg(executed)": "'avg' runs over futures, and an expression reads one future, not all of them; the test takes the mean itself (character 1).",
    "max(executed, day)": "'max' runs over futures, and an expression reads one future, not all of them; the test takes the mean itself; "
                          "the larger of two is greatest(a, b) (character 1).",
    "1 + count(*)": "'count' runs over futures, and an expression reads one future, not all of them; the test takes the mean itself (character 5).",
    "(select day from futures)": "'select' asks for a table, and an expression reads the columns of one future (character 2).",
    "survived where day > 3": "'where' asks for a table, and an expression reads the columns of one future (character 10).",
    "sqr(day)": "there is no function 'sqr' (character 1); allowed: abs, ceil, coalesce, exp, floor, greatest, least, ln, log, log10, log2, "
                "nullif, power, round, sign, sqrt. Did you mean 'sqrt'?",
    "log(executed)": "'log' needs its base: write ln(x), log10(x) or log(x, base) (character 1).",
    "log10()": "'log10' takes 1 value, not 0 (character 1).",
    "least(day)": "'least' takes 2 to 20 values, not 1 (character 1).",
    "round(day, executed)": "'round' takes a whole number of digits from 0 to 12 as its second value (character 12).",
    "survived;": "one expression only, without ';' (character 9).",
    "survived -- in the end": "'--' begins a comment, and an expression has none (character 10).",
    "day / # days": "'#' begins a comment, and an expression has none (character 7).",
    "executed > 1,000": "a ',' stands only between the values of a function or of 'in'; a number is written without it, as 1000 (character 13).",
    "executed > 1_000": "'1_' is no number; write digits, a point and perhaps an exponent, such as 2.5e-3 (character 12).",
    "executed > \u0663": "'\u0663' is no sign of the language (character 12).",
    "ending = \u2018coup\u2019": "\u2018 is no quote of the language; a text stands in '...', a column in \"...\" (character 10).",
    "ending = 'coup": "the text that begins here does not end; close it with ' (character 10).",
    "day > 3 && survived": "write 'and' in place of '&' (character 9).",
    "day::double": "write cast(x as double) in place of '::' (character 4).",
    "day ^ 2": "write power(x, y) in place of '^' (character 5).",
    "1 < day < 3": "two comparisons follow each other; join them by 'and', or put one in parentheses (character 9).",
    "day not 3": "'not' after a value is followed by 'in' or 'between' (character 5).",
    "day killed_protest": "'killed_protest' follows a value; a sign such as + or >, or a word such as 'and', must join them (character 5).",
    "(day": "a parenthesis needs ')' where the end stands (character 5).",
    "day)": "')' closes nothing (character 4).",
    "day is true": "'is' needs 'null' where 'true' stands (character 8).",
    "and day": "'and' stands where a value should (character 1).",
    "* day": "'*' stands where a value should (character 1).",
    "adversary.": "a name breaks off after 'adversary.' (character 11).",
}
CONDITIONS = {
    "1": "it reads no column of a future, so that it is the same in all of them.",
    "day": "it is a number, not a condition; write a comparison, such as day > 0.",
    "ending": "it is a text, not a condition; write a comparison, such as ending = 'coup'.",
    "sum(survived)": "'sum' runs over futures, and an expression reads one future, not all of them; the test takes the mean itself (character 1).",
}


@pytest.mark.parametrize(("text", "says"), OUTCOMES.items(), ids=list(OUTCOMES))
def test_a_bad_outcome(text, says):
    wanted = [says] if isinstance(says, str) else says
    assert expression_faults(text, KNOWN) == [f"has the outcome '{text}': {s}" for s in wanted]


@pytest.mark.parametrize(("text", "says"), CONDITIONS.items(), ids=list(CONDITIONS))
def test_a_bad_condition(text, says):
    assert expression_faults(text, KNOWN, condition=True) == [f"has the condition '{text}': {says}"]


def test_all_unknown_columns_are_told_at_once_and_no_control_character_is_shown():
    assert len(expression_faults("x + y * z", KNOWN)) == 3
    assert "\x1b" not in "".join(expression_faults("day + \x1b[31m", KNOWN))
