"""Price tables: checks that they are closed and agree with the vendor's list, and compiles them into one file.

`openapi/prices/<family>.yaml` says what a model costs; `openapi/prices/rows.csv` holds the rows of the list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import attrs

from kie._core.schema import documented

from .price_shape import LARGEST, misshapen
from .source import Document, Fault, ModelSource, Node, PriceSource, escape

TERM = {"each", "by", "rates", "unpriced", "left", "absent"}
ENTRY = {"listed", "terms", "note", "measured"}
COUNTERS = {
    "number": {"low", "high", "or"},
    "items": {"free"},
    "characters": {"per"},
    "seconds": {"low", "high"},
    "unstated": {"low", "high", "per"},
}
"""What can be counted besides the task, with the keywords permitted beside the name of the field."""
GIVEN = ("present", "absent")
RATE = {"credits", "row", "until"}
COLUMNS = ["listed", "model", "options", "credits", "unit"]


@attrs.frozen
class Row:
    """A row of the vendor's list."""

    listed: str
    credits: Decimal
    unit: str


def rows_of(text: str, file: str) -> tuple[dict[str, Row], list[Fault]]:
    """Read the rows of the list, by their names `model | options`."""
    reader = csv.DictReader(io.StringIO(text))
    if reader.fieldnames != COLUMNS:
        return {}, [Fault(file, "", f"the columns must be {', '.join(COLUMNS)}")]
    found: dict[str, Row] = {}
    faults = []
    for number, row in enumerate(reader, 2):
        name = f"{row['model']} | {row['options']}"
        at = f"/line {number}"
        try:
            made = Row(date.fromisoformat(row["listed"]).isoformat(), Decimal(row["credits"]), row["unit"])
        except (ValueError, ArithmeticError, TypeError):
            faults.append(Fault(file, at, "needs a date under listed and a number under credits"))
            continue
        if None in row or None in row.values():
            faults.append(Fault(file, at, f"has to have {len(COLUMNS)} cells"))
            continue
        if not made.credits.is_finite() or not 0 <= made.credits <= LARGEST:
            faults.append(Fault(file, at, f"{row['credits']} is not a price: it must be a number from 0 to {LARGEST}"))
            continue
        if name in found:
            faults.append(Fault(file, at, f"{name!r} is there twice"))
        found[name] = made
    return found, faults


def packaged_rows(prices: PriceSource) -> Document:
    """The rows of the list, with which a later list is compared."""
    rows, _ = rows_of(prices.rows, "prices/rows.csv") if prices.rows else ({}, [])
    return {"rows": {name: [str(row.credits), row.unit, row.listed] for name, row in sorted(rows.items())}}


def compile_prices(prices: PriceSource, models: list[ModelSource]) -> tuple[Document, list[Fault]]:
    """Compile the tables, and collect all faults of all of them."""
    rows, faults = rows_of(prices.rows, "prices/rows.csv") if prices.rows else ({}, [])
    known = {model.id: model for model in models}
    tables: Document = {}
    for file, document in prices.files.items():
        day = document.get("listed")
        if not isinstance(day, date):
            faults.append(Fault(file, "/listed", "must be the day of the price list"))
            continue
        for name, entry in document.items():
            if name == "listed":
                continue
            at = f"/{escape(name)}"
            if name not in known:
                faults.append(Fault(file, at, "there is no such model"))
            elif name in tables:
                faults.append(Fault(file, at, "is priced in another file, too"))
            elif wrong := [Fault(file, f"{at}{place}", why) for place, why in misshapen(entry)]:
                faults += wrong
            else:
                table = _Table(file, at, known[name], rows)
                tables[name] = table.compile(entry, str(entry.get("listed") or day))
                faults += table.faults
    return {"models": dict(sorted(tables.items()))}, faults


@attrs.define
class _Table:
    """Compiles the entry of one model, and collects its faults."""

    file: str
    at: str
    model: ModelSource
    rows: dict[str, Row]
    faults: list[Fault] = attrs.field(factory=list)
    used: dict[str, str] = attrs.field(factory=dict)
    """The place where each row of the list is used."""

    def fault(self, at: str, message: str) -> None:
        self.faults.append(Fault(self.file, f"{self.at}{at}", message))

    def field(self, name: str) -> Document | None:
        """The schema of a field, by its key: `dialogue.text`."""
        node: Node = self.model.document
        for part in str(name).split("."):
            node = node.get("items", node) if isinstance(node, dict) else {}
            node = (node.get("properties") or {}).get(part)
            if not isinstance(node, dict):
                return None
        return dict(documented(node))

    def compile(self, entry: Document, listed: str) -> Document:
        for key in sorted(set(entry) - ENTRY):
            self.fault(f"/{escape(key)}", "is not a keyword of prices")
        terms = [self.term(f"/terms/{index}", term) for index, term in enumerate(entry["terms"])]
        if not entry["terms"] and not entry.get("note"):
            self.fault("/terms", "is empty: a note has to say why")
        return {"listed": listed, "terms": terms, **({"note": entry["note"]} if entry.get("note") else {})}

    def term(self, at: str, term: Document) -> Document:
        for key in sorted(set(term) - TERM):
            self.fault(f"{at}/{escape(key)}", "is not a keyword of a term")
        by = [self.domain(f"{at}/by/{index}", each, term) for index, each in enumerate(term.get("by") or [])]
        cells = list(product(*(domain for _, _, domain in by)))
        names = [name for name, _, _ in by]
        rates = self.cover(f"{at}/rates", term["rates"], names, cells)
        unpriced = self.cover(f"{at}/unpriced", term.get("unpriced") or [], names, cells)
        for cell in cells:
            if cell not in rates and cell not in unpriced:
                said = " and ".join(f"{name}={value}" for name, value in zip(names, cell, strict=True)) or "the task"
                self.fault(f"{at}/rates", f"{said} has no rate; say why under unpriced")
            elif cell in rates and cell in unpriced:
                self.fault(f"{at}/unpriced", f"{cell} has a rate as well")
        out = [self.rate(f"{at}/rates/{index}", term["rates"][index], cell) for cell, index in rates.items()]
        missing = [
            {"cells": list(cell), "reason": str(term["unpriced"][index].get("reason") or "")}
            for cell, index in unpriced.items()
        ]
        for index, row in enumerate(term.get("unpriced") or []):
            if not row.get("reason"):
                self.fault(f"{at}/unpriced/{index}", "has no reason")
        counters = self.counters(f"{at}/each", term["each"])
        return {
            "each": counters,
            **self.spans(counters),
            "by": [[name, given, list(domain)] for name, given, domain in by],
            **_unstated(term),
            **self.instead(at, term, by),
            "rates": out,
            **({"unpriced": missing} if missing else {}),
        }

    def instead(self, at: str, term: Document, by: list[tuple[str, bool, tuple[str, ...]]]) -> Document:
        """Cells that are replaced: an absent one by the service's default, some values by an open choice."""
        domains = {name: domain for name, given, domain in by if not given}
        read: dict[str, dict[str, str]] = {}
        for name, value in (term.get("absent") or {}).items():
            if _cell(value) not in domains.get(name, ()):
                self.fault(f"{at}/absent/{escape(name)}", f"{value!r} is not a value of a field of `by`")
            read.setdefault(name, {})[""] = _cell(value)
        for name, values in (term.get("left") or {}).items():
            if name not in domains:
                self.fault(f"{at}/left/{escape(name)}", "is not a field of `by`")
            read.setdefault(name, {}).update({_cell(value): "" for value in values})
        return {"instead": read} if read else {}

    def domain(self, at: str, each: Node, term: Document) -> tuple[str, bool, tuple[str, ...]]:
        """Read a field that decides the rate: its name, whether only its presence matters, and its cells."""
        if isinstance(each, dict) and "unstated" in each:
            name, values = str(each["unstated"]), tuple(_cell(value) for value in each.get("values") or [])
            if self.field(name) is not None or not values or set(each) != {"unstated", "values"}:
                self.fault(at, f"{name!r} needs values, and may not be a field")
            return name, False, values
        given = isinstance(each, dict)
        name = str(each.get("given")) if given else str(each)
        field = self.field(name)
        if field is None:
            self.fault(at, f"{name!r} is not a field of this model")
            return name, given, ()
        if given:
            return name, True, GIVEN
        left = {_cell(value) for value in (term.get("left") or {}).get(name, [])}
        choices: list[Node] = [True, False] if field.get("type") == "boolean" else _values(field)
        if not choices:
            self.fault(at, f"{name} has no closed list of values; `given: {name}` asks whether it is there")
        return name, False, tuple(dict.fromkeys(cell for value in choices if (cell := _cell(value)) not in left))

    def cover(self, at: str, listed: list[Document], names: list[str], cells: list[tuple[str, ...]]) -> dict[Any, int]:
        """Find the row of the table for each combination of cells. A row without a field applies to all its values."""
        found: dict[tuple[str, ...], int] = {}
        for index, row in enumerate(listed):
            for key in sorted(set(row) - {*names, *RATE, "reason"}):
                self.fault(f"{at}/{index}/{escape(key)}", "is not among the fields of `by`")
            wanted = [
                {_cell(value) for value in (row[name] if isinstance(row[name], list) else [row[name]])}
                if name in row
                else None
                for name in names
            ]
            hits = [
                cell
                for cell in cells
                if all(some is None or value in some for value, some in zip(cell, wanted, strict=True))
            ]
            for name, some in zip(names, wanted, strict=True):
                known = {cell[names.index(name)] for cell in cells}
                for value in sorted((some or set()) - known):
                    self.fault(f"{at}/{index}/{escape(name)}", f"{value!r} is not a value of {name}")
            for cell in hits:
                if cell in found:
                    self.fault(
                        f"{at}/{index}", f"overlaps {at}/{found[cell]} at {', '.join(cell) or 'the task'}: narrow one"
                    )
                found[cell] = index
        return found

    def rate(self, at: str, row: Document, cell: tuple[str, ...]) -> Document:
        name = str(row.get("row"))
        given = row.get("credits")
        figure = Decimal(str(given)) if isinstance(given, (int, float)) else None
        if name not in self.rows:
            self.fault(f"{at}/row", f"{name!r} is in no list: prices/rows.csv has the names, as `model | options`")
        elif self.rows[name].credits != figure:
            self.fault(f"{at}/credits", f"is {figure}, and {self.rows[name].credits} in the list")
        if self.used.setdefault(name, at) != at:
            self.fault(f"{at}/row", f"{name!r} is used at {self.used[name]}, too: one rate may hold for several values")
        out: Document = {"cells": list(cell), "credits": str(figure), "row": name}
        if row.get("until"):
            out["until"] = str(row["until"])
        return out

    def counters(self, at: str, each: Node) -> list[Document]:
        """Read what is counted: one counter, or several that are added up."""
        if not isinstance(each, list):
            return [self.counter(at, each)]
        return [self.counter(f"{at}/{index}", one) for index, one in enumerate(each)]

    def spans(self, counters: list[Document]) -> Document:
        """The lowest and the highest count in any request; None if nothing bounds them."""
        found = [self.span(out) for out in counters if out["kind"] != "task"]
        if not found:
            return {}
        tasks = len(counters) - len(found)
        most = [high for _, high in found if high is not None]
        high = _text(tasks + sum(most, _ZERO)) if len(most) == len(found) else None
        return {"span": [_text(tasks + sum((low for low, _ in found), _ZERO)), high]}

    def span(self, out: Document) -> tuple[Decimal, Decimal | None]:
        """The lowest and the highest count of one counter in any request."""
        low, high = _ZERO, _ZERO
        bound = True
        for name in out["fields"]:
            least, most = self.most(name, out)
            low, bound = low + least, bound and most is not None
            high += most or 0
        if "or" in out:
            least, most = self.most(out["or"], {**out, "kind": "seconds"})
            low, bound, high = min(low, least), bound and most is not None, max(high, most or _ZERO)
        free, per = Decimal(out.get("free", "0")), Decimal(out.get("per", "1"))
        return max(low - free, _ZERO) / per, max(high - free, _ZERO) / per if bound else None

    def most(self, name: str, out: Document) -> tuple[Decimal, Decimal | None]:
        """The lowest and the highest count in one field."""
        low = Decimal(out.get("low", "0"))
        high = Decimal(out["high"]) if "high" in out else None
        if out["kind"] == "unstated":
            return low, high
        field = self.field(name) or {}
        above = self.field(name.rpartition(".")[0]) or {}
        items = above if "." in name else field
        many = [Decimal(items[key]) if key in items else None for key in ("minItems", "maxItems")]
        if items.get("type") != "array":
            many = [Decimal(1), Decimal(1)]
        required = name.split(".", maxsplit=1)[0] in (self.model.document.get("required") or [])
        fewest, most = (many[0] or _ZERO) if required else _ZERO, many[1]
        if out["kind"] == "items":
            return fewest, most
        if out["kind"] == "number" and "." not in name:
            return low, high  # a number that is left to the service is within the bounds, too
        if out["kind"] == "text":
            low, high = (
                Decimal(field.get("minLength", 0)),
                Decimal(field["maxLength"]) if "maxLength" in field else None,
            )
        total = Decimal(out["total"]) if "total" in out else None
        together = None if most is None or high is None else most * high
        return fewest * low, total if total is not None and (together is None or total < together) else together

    def counter(self, at: str, each: Node) -> Document:
        if each == "task":
            return {"kind": "task"}
        kind = next((key for key in COUNTERS if isinstance(each, dict) and key in each), None)
        if kind is None:
            self.fault(at, f"is neither task nor one of {', '.join(COUNTERS)}")
            return {"kind": "task"}
        for key in sorted(set(each) - {kind} - COUNTERS[kind]):
            self.fault(f"{at}/{escape(key)}", f"does not belong to {kind}")
        if kind == "unstated":
            return self.unstated(at, each)
        names = each[kind] if isinstance(each[kind], list) else [each[kind]]
        fields = [self.field(name) for name in names]
        for name, field in zip(names, fields, strict=True):
            if field is None:
                self.fault(at, f"{name!r} is not a field of this model")
        out: Document = {"kind": "text" if kind == "characters" else kind, "fields": list(names)}
        if isinstance(each.get("high"), str):
            self.fault(f"{at}/high", "must be a number: only what is unstated takes a field here")
            each = {key: value for key, value in each.items() if key != "high"}
        out |= {key: str(each[key]) for key in ("per", "free", "low", "high") if key in each}
        if kind == "number" and "or" in each:
            medium = str(each["or"])
            if self.field(medium) is None:
                self.fault(f"{at}/or", f"{medium!r} is not a field of this model")
            return {**self.lengths([medium]), **out, "or": medium}
        if kind == "number" and fields[0] is not None:
            out = {**_range(fields[0]), **out}
        if kind == "seconds":
            out = {**self.lengths(names), **out}
        return out

    def lengths(self, names: list[str]) -> Document:
        """The permitted lengths of a medium in these fields."""
        limits = [(self.model.facts.get("media") or {}).get(name) or {} for name in names]
        out = {"low": str(min((limit.get("min_seconds", 0) for limit in limits), default=0))}
        for key, name in (("high", "max_seconds"), ("total", "max_total_seconds")):
            if all(name in limit for limit in limits):
                out[key] = str(max(limit[name] for limit in limits))
        return out

    def unstated(self, at: str, each: Document) -> Document:
        """Read a number that no request contains. `high` may be a field that states the maximum."""
        out: Document = {"kind": "unstated", "fields": [str(each["unstated"])]}
        if self.field(each["unstated"]) is not None:
            self.fault(at, f"{each['unstated']!r} is a field: count it as a number")
        out |= {key: str(each[key]) for key in ("low", "high", "per") if key in each}
        if isinstance(each.get("high"), str):
            field = self.field(each["high"])
            if field is None or "high" not in (limits := _range(field)):
                self.fault(at, f"{each['high']!r} is not a field with a largest number")
                del out["high"]
            else:
                out |= {"most": each["high"], "high": limits["high"]}
        return out


_ZERO = Decimal(0)


def _unstated(term: Document) -> Document:
    """The names in `by` that are not fields."""
    names = [each["unstated"] for each in term.get("by") or [] if isinstance(each, dict) and "unstated" in each]
    return {"unstated": names} if names else {}


def _text(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _range(field: Document) -> Document:
    """The smallest and largest number of a field, which bound it if the request does not state it."""
    numbers = []
    listed = _values(field)
    bounds = [form.get(key) for form in _forms(field) for key in ("minimum", "maximum")]
    for value in listed or bounds:
        try:
            number = Decimal(str(value).removesuffix("s"))
        except ArithmeticError:
            continue
        if number >= 0:
            numbers.append(number)
    low = {"low": str(min(numbers))} if numbers and (listed or len(numbers) == 2) else {}
    return {**low, **({"high": str(max(numbers))} if numbers else {})}


def _forms(field: Document) -> list[Document]:
    """The forms in which a field may be given, as numbers and as text."""
    return [field, *(form for form in field.get("anyOf") or [] if isinstance(form, dict))]


def _values(field: Document) -> list[Node]:
    return [value for form in _forms(field) for value in form.get("enum") or []]


def _cell(value: Node) -> str:
    return str(value).lower()


def measured(prices: PriceSource) -> Iterator[tuple[str, Document]]:
    """Yield what real tasks cost: the model, and the mapping with `at`, `input` and `credits`."""
    for document in prices.files.values():
        for name, entry in document.items():
            for one in (entry.get("measured") or []) if isinstance(entry, dict) else []:
                yield name, one
