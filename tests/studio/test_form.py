"""The form of the studio in a real browser, over every model. Skipped where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from codegen.counterexamples import expanded
from kie import RequestInvalid, catalog
from kie.testing.strategies import body_of
from tests.conftest import ROOT
from tests.library.browser import chromium, lacking
from tests.studio.form_page import SCRIPT, STYLE, FormPage, sheet

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())

ACTIVE = [model.id for model in catalog.models(status="active")]
LISTED: list[dict[str, Any]] = json.loads((ROOT / "generated" / "counterexamples.json").read_text("utf-8"))
URL = {"type": "string", "pattern": "^https?://"}
IMAGE = {"kind": "image", "formats": ["png"], "max_bytes": 1000}
HOSTILE = "<img src=x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def opened(browser: Browser) -> FormPage:
    return FormPage(browser.new_context().new_page())


@pytest.fixture
def form(opened: FormPage) -> Iterator[FormPage]:
    """The page. A fault of a script, a breach of the policy and a request to elsewhere fail the test."""
    opened.faults.clear()
    yield opened
    assert not opened.faults


SHEETS = [sheet(model) for model in ACTIVE]


def wire(model: str, fields: Any) -> Any:
    """The body that the request class makes of the input."""
    cls: Any = catalog.get(model).request_class
    return cls.from_wire(body_of(model, fields)).to_wire()


def test_every_example_of_every_model_goes_through_its_form(form: FormPage) -> None:
    kept = form.run(
        """(sheets) => sheets.map(([schema, media, examples]) => {
          show([schema, media]);
          return examples.map((example) => { form.fill(example); return form.value; });
        })""",
        *SHEETS,
    )
    assert len(ACTIVE) > 180
    for model, (_, _, examples), values in zip(ACTIVE, SHEETS, kept, strict=True):
        assert values == examples and examples, model
        for value, example in zip(values, examples, strict=True):
            assert wire(model, value) == wire(model, example)


def test_every_example_of_every_model_can_be_typed_into_an_empty_form(form: FormPage) -> None:
    kept = form.run(
        """(sheets) => sheets.map(([schema, media, examples]) => examples.map((example) => {
          show([schema, media]);
          enter(form.element, example);
          return form.value;
        }))""",
        *SHEETS,
    )
    for model, (schema, _, examples), values in zip(ACTIVE, SHEETS, kept, strict=True):
        for value, example in zip(values, examples, strict=True):
            needed = schema.get("required", ())
            assert value == {name: each for name, each in example.items() if name in needed or each not in ("", [])}
            assert wire(model, value), model


def test_an_empty_form_holds_no_choice_that_nobody_made(form: FormPage) -> None:
    kept = form.run(
        "(sheets) => sheets.map(([schema, media]) => { show([schema, media]); return form.value; })", *SHEETS
    )
    assert kept == [{}] * len(ACTIVE)
    # it would have to be one of these, and no model has one
    assert not [
        name for schema, *_ in SHEETS for name in schema.get("required", ()) if "default" in schema["properties"][name]
    ]


def test_every_control_has_a_name_and_no_id_is_there_twice(form: FormPage) -> None:
    nameless, twice = form.run(
        """(sheets) => {
          const nameless = [], twice = [];
          for (const [schema, media, examples] of sheets) {
            show([schema, media]);
            form.fill(examples[0]);
            for (const each of form.element.querySelectorAll("input, select, textarea, button, [role=group]")) {
              const labelled = each.labels?.[0] ?? document.getElementById(each.getAttribute("aria-labelledby"));
              const name = each.getAttribute("aria-label") ?? labelled?.textContent ?? "";
              if (!name.trim()) nameless.push(each.outerHTML);
            }
            const ids = [...form.element.querySelectorAll("[id]")].map(({ id }) => id);
            if (new Set(ids).size < ids.length) twice.push(ids);
            for (const each of form.element.querySelectorAll("[aria-describedby]"))
              nameless.push(...each.getAttribute("aria-describedby").split(" ").filter((id) => !ids.includes(id)));
          }
          return [nameless, twice];
        }""",
        *SHEETS,
    )
    assert nameless == twice == []


def test_every_fault_of_a_counterexample_is_reported_at_a_field_or_given_back(form: FormPage) -> None:
    cases: list[tuple[int, Any, list[dict[str, str]]]] = []
    for held in LISTED:
        if held["model"] in ACTIVE and "rule" in held:
            fields: Any = expanded(held["body"])
            cls: Any = catalog.get(held["model"]).request_class
            with pytest.raises(RequestInvalid) as caught:
                cls.from_wire(body_of(held["model"], fields))
            issues = [{"path": issue.path, "message": issue.message} for issue in caught.value.issues]
            cases.append((ACTIVE.index(held["model"]), fields, issues))
    outcome = form.run(
        """([sheets, cases]) => cases.map(([index, fields, issues], at) => {
          if (index !== cases[at - 1]?.[0]) show(sheets[index]);
          form.fill(fields);
          const back = form.complain(issues);
          const told = [...form.element.querySelectorAll("[aria-invalid=true]")].map((target) => {
            const ids = target.getAttribute("aria-describedby").split(" ");
            return ids.map((id) => document.getElementById(id).textContent).join();
          });
          return [form.value, back, told];
        })""",
        SHEETS,
        cases,
    )
    assert len(cases) > 200
    for (_, fields, issues), (value, back, told) in zip(cases, outcome, strict=True):
        assert value == fields
        for issue in issues:
            at_field = any(issue["message"] in each for each in told)
            assert at_field is bool(issue["path"])
            assert (issue in back) is not at_field


def test_script_and_style_stay_small() -> None:
    assert len(SCRIPT.encode()) <= 12_400
    assert len(STYLE.encode()) <= 2_048


def test_names_that_objects_of_the_browser_have_are_fields_like_others(form: FormPage) -> None:
    names = ["elements", "name", "length", "constructor", "__proto__", "toString", "item", "hasOwnProperty"]
    form.show({name: {"type": "string"} for name in names}, required=names)
    assert form.value == {}
    for name in names:
        form.page.get_by_label(name, exact=True).fill(f"of {name}")
    assert form.value == {name: f"of {name}" for name in names}
    assert form.complain(*((name, "is wrong") for name in names), ("valueOf", "does not exist")) == ["valueOf"]
    assert form.page.locator("[aria-invalid=true]").count() == len(names)
    form.run("([input]) => form.fill(input)", {"__proto__": "x", "constructor": "y"})
    assert form.value == {"__proto__": "x", "constructor": "y"}


def test_a_field_says_its_bounds_in_words_once(form: FormPage) -> None:
    schema = {"type": "object", "properties": {"photos": {"type": "array", "items": {"type": "string"}, "maxItems": 2}}}
    form.run(
        "([schema, bounds]) => { show([schema, {}, bounds]); form.fill({ photos: ['a'] }); }",
        schema,
        {"photos": ["at most 2 items", "PNG"]},
    )
    assert form.page.get_by_text("at most 2 items; PNG").count() == 1


def test_markup_in_names_descriptions_choices_and_values_stays_text(form: FormPage) -> None:
    properties = {
        HOSTILE: {"type": "string", "description": HOSTILE, "default": HOSTILE, "title": HOSTILE},
        "choice": {"enum": [HOSTILE], "description": HOSTILE},
        "photo": URL,
    }
    form.show(properties, media={"photo": IMAGE})
    form.run("([text]) => form.fill({ [text]: text, choice: text, photo: text, other: { [text]: text } })", HOSTILE)
    form.complain((json.dumps([HOSTILE]).replace("[", "[", 1), HOSTILE), ("photo", HOSTILE))
    assert form.page.locator("main img, main script").count() == 0
    assert form.page.title() == "form"
    assert form.value["choice"] == HOSTILE


def test_fields_left_alone_are_not_sent_and_false_and_zero_are(form: FormPage) -> None:
    form.show(
        {
            "sound": {"type": "boolean", "default": True},
            "seed": {"type": "integer", "default": 7},
            "level": {"type": "integer", "enum": [1, 2, 10], "default": 2},
            "text": {"type": "string", "default": "x"},
        }
    )
    assert form.value == {}
    form.page.get_by_label("sound").select_option("false")
    form.page.get_by_label("seed").fill("0")
    form.page.get_by_label("level").select_option("10")
    assert form.value == {"sound": False, "seed": 0, "level": 10}
    form.page.get_by_label("sound").select_option(index=0)
    form.page.get_by_label("seed").fill("")
    form.page.get_by_label("level").select_option(index=0)
    assert form.value == {}
    assert "2" in form.page.get_by_label("level").locator("option").first.inner_text()


def test_a_required_choice_is_made_by_somebody_or_by_its_default(form: FormPage) -> None:
    sizes: Any = {"type": "string", "enum": ["a", "b"]}
    form.show(
        {"open": sizes, "flag": {"type": "boolean"}, "set": {**sizes, "default": "b"}}, required=["open", "flag", "set"]
    )
    assert form.value == {"set": "b"}
    form.run("() => form.fill({})")
    assert form.value == {"set": "b"}


def test_numbers_keep_their_digits(form: FormPage) -> None:
    form.show({"seed": {"type": "integer"}, "scale": {"type": "number"}, "any": {}})
    for text in ("9007199254740992", "9007199254740993", "-9007199254740993", "123456789012345678901234567890"):
        form.page.get_by_label("seed").fill(text)
        form.page.get_by_label("any").fill(f'{{"of": [{text}]}}')
        assert form.value == {"seed": int(text), "any": {"of": [int(text)]}}
        assert form.run("() => { form.fill(form.value); return form.value; }")["seed"] == int(text)
        assert form.page.get_by_label("seed").input_value() == text
    form.page.get_by_label("seed").fill("007")
    form.page.get_by_label("scale").fill("0.1")
    assert form.value == {"seed": 7, "scale": 0.1, "any": {"of": [int("1234567890" * 3)]}}


def test_what_is_not_a_number_is_not_taken_for_a_field_left_alone(form: FormPage) -> None:
    form.show({"seed": {"type": "integer"}, "any": {}})
    form.page.get_by_label("seed").press_sequentially("1e")
    form.page.get_by_label("any").fill("[1, 2")
    assert form.value == {"seed": None, "any": "[1, 2"}


def test_texts_keep_spaces_and_newlines(form: FormPage) -> None:
    form.show({"text": {"type": "string"}, "code": {"type": "string", "pattern": "^.*$"}}, required=["text"])
    for text in ("  a\n\n b\t ", "\n", " "):
        form.page.get_by_label("text").fill(text)
        assert form.value == {"text": text}
    form.run("([text]) => form.fill({ text, code: text })", "a\r\nb\n")
    assert form.value == {"text": "a\r\nb\n", "code": "a\r\nb\n"}


def test_an_empty_text_is_sent_where_a_text_is_required_and_somebody_emptied_it(form: FormPage) -> None:
    form.show({"title": {"type": "string"}, "style": {"type": "string"}}, required=["title"])
    for name in ("title", "style"):
        form.page.get_by_label(name).fill("x")
        form.page.get_by_label(name).fill("")
    assert form.value == {"title": ""}
    form.run("([input]) => form.fill(input)", {"style": ""})
    assert form.value == {"style": ""}


def test_values_that_do_not_fit_and_unknown_fields_are_shown_as_json_and_kept(form: FormPage) -> None:
    item = {"type": "object", "properties": {"name": {"type": "string"}}}
    given = {
        "count": "many",
        "size": 3,
        "flag": None,
        "rows": [{"name": "a"}, {"nmae": "b"}, 5],
        "unknown": {"a": [1, None]},
        "text": ["x"],
    }
    form.show(
        {
            "count": {"type": "integer"},
            "size": {"enum": ["a", "b"]},
            "flag": {"type": "boolean"},
            "rows": {"type": "array", "items": item},
            "text": {"type": "string"},
        }
    )
    form.run("([input]) => form.fill(input)", given)
    assert form.value == given
    assert form.page.get_by_label("unknown", exact=True).input_value() == json.dumps(given["unknown"], indent=1)
    assert form.complain(("unknown", "does not exist"), ("rows[1].nmae", "does not exist")) == []
    assert "does not exist" in form.page.locator("li").nth(1).inner_text()
    form.run("() => form.fill({})")
    assert form.value == {}
    assert form.page.get_by_label("count", exact=True).get_attribute("type") == "number"


def test_a_value_of_several_forms_is_typed_in_any_of_them(form: FormPage) -> None:
    shapes = [
        {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}},
    ]
    form.show(
        {
            "length": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            "format": {"anyOf": [{"enum": ["png"]}, {"const": "jpg"}]},
            "shape": {"oneOf": shapes},
        }
    )
    for given in ({"length": 5}, {"length": "5"}, {"format": "jpg"}, {"shape": {"b": 1}}, {"shape": {"a": "x"}}):
        form.run("([input]) => form.fill(input)", given)
        assert form.value == given
    form.run("() => form.fill({})")
    form.page.get_by_label("length", exact=True).fill("5")
    assert form.value == {"length": "5"}
    form.page.get_by_label("Kind of length").select_option("number")
    form.page.get_by_label("length", exact=True).fill("5")
    form.page.get_by_label("format", exact=True).select_option("jpg")
    form.page.get_by_label("Kind of shape").select_option(index=1)
    form.page.get_by_label("b", exact=True).fill("2")
    assert form.value == {"length": 5, "format": "jpg", "shape": {"b": 2}}


LINES: dict[str, Any] = {
    "lines": {
        "type": "array",
        "maxItems": 5,
        "items": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
    }
}


def test_a_form_is_filled_by_keyboard_alone(form: FormPage) -> None:
    form.show(
        {
            "prompt": {"type": "string"},
            "size": {"enum": ["1:1", "16:9"]},
            "count": {"type": "integer", "minimum": 1},
            **LINES,
        },
        required=["prompt", "size"],
    )
    keys = form.page.keyboard
    form.run("() => form.focusFirst()")
    for words, then in (
        ("A fox\nin snow", "Tab"),
        ("16", "Tab"),
        ("", "ArrowUp"),
        ("", "Tab"),
        ("", "Enter"),
        ("Hello", "Tab"),
    ):
        for line, text in enumerate(words.split("\n")):
            if line:
                keys.press("Enter")
            keys.type(text)
        keys.press(then)
    assert form.value == {"prompt": "A fox\nin snow", "size": "16:9", "count": 1, "lines": [{"text": "Hello"}]}
    assert form.page.evaluate("document.activeElement.textContent") == "Up"
    form.page.locator("main").press("Shift+Tab")
    focused = set[str]()
    for _ in range(12):
        keys.press("Tab")
        focused.add(form.page.evaluate("document.activeElement.id"))
    assert "after" in focused


def press(form: FormPage, scope: Locator, value: dict[str, Any]) -> None:
    """Enter an input with the keys of a keyboard, field by field."""
    for name, each in value.items():
        if not isinstance(each, list):
            scope.get_by_label(name, exact=True).focus()
            form.page.keyboard.type(each if isinstance(each, str) else json.dumps(each))
            continue
        items = scope.get_by_role("group", name=name, exact=True)
        for index, item in enumerate(each, 1):
            if items.get_by_role("listitem").count() < index:
                items.get_by_role("button", name=f"Add: {name}").press("Enter")
            if isinstance(item, dict):
                press(form, items.get_by_role("group", name=f"{name} {index}", exact=True), item)
            else:
                form.page.keyboard.type(item)


@pytest.mark.parametrize(
    "model", ["nano-banana-pro", "z-image", "elevenlabs/text-to-dialogue-v3", "wan/2-7-image", "kling-3.0/video"]
)
def test_keys_pressed_in_an_empty_form_make_a_valid_request(form: FormPage, model: str) -> None:
    schema, media, examples = sheet(model)
    example = max(examples, key=lambda each: (any(isinstance(value, list) for value in each.values()), -len(str(each))))
    flat = {name: each for name, each in example.items() if name not in ("bbox_list",)}
    form.run("([schema, media]) => show([schema, media])", schema, media)
    press(form, form.page.locator("main"), flat)
    assert form.value == flat
    assert wire(model, form.value) == wire(model, flat)


def test_items_are_added_moved_and_removed_and_the_focus_stays_with_them(form: FormPage) -> None:
    form.show(LINES)
    add = form.page.get_by_role("button", name="Add: lines")
    for text in "abc":
        add.click()
        form.page.keyboard.type(text)
    rows = form.page.get_by_role("listitem")
    rows.nth(2).get_by_role("button", name="Up").press("Enter")
    assert [line["text"] for line in form.value["lines"]] == ["a", "c", "b"]
    form.page.keyboard.press("Enter")
    form.page.keyboard.press("Enter")
    assert [line["text"] for line in form.value["lines"]] == ["c", "a", "b"]
    rows.nth(0).get_by_role("button", name="Down").click()
    assert [line["text"] for line in form.value["lines"]] == ["a", "c", "b"]
    assert form.page.get_by_role("group", name="lines 2").get_by_label("text").input_value() == "c"
    form.complain(("lines[1].text", "is too short"))
    assert "is too short" in rows.nth(1).inner_text()
    rows.nth(1).get_by_role("button", name="Remove").click()
    form.page.keyboard.type("!")
    assert [line["text"] for line in form.value["lines"]] == ["a", "b!"]
    for _ in range(2):
        rows.nth(0).get_by_role("button", name="Remove").click()
    assert form.value == {}
    assert add.evaluate("each => each === document.activeElement")


def test_items_left_empty_are_not_sent_and_faults_find_the_others(form: FormPage) -> None:
    form.show({"tags": {"type": "array", "items": {"type": "string"}}})
    for _ in range(3):
        form.page.get_by_role("button", name="Add: tags").click()
    form.page.get_by_label("tags 1", exact=True).fill("a")
    form.page.get_by_label("tags 3", exact=True).fill("c")
    assert form.value == {"tags": ["a", "c"]}
    form.complain(("tags[1]", "is unknown"), ("tags[7]", "is gone"))
    assert form.page.get_by_label("tags 3", exact=True).get_attribute("aria-invalid") == "true"
    assert form.page.get_by_role("group", name="tags", exact=True).get_attribute("aria-invalid") == "true"


def test_faults_are_reported_to_screen_readers_until_the_next_complaint(form: FormPage) -> None:
    form.show({"a": {"type": "string", "description": "What it is."}, "b.c": {"type": "string"}})
    assert form.complain(("a", "is wrong"), ("a", "is short"), ('["b.c"]', "is odd"), ("", "in all")) == [""]
    first = form.page.get_by_label("a", exact=True)
    described = first.evaluate(
        "each => each.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent)"
    )
    assert described == ["What it is.", "is wrong\nis short\n"]
    form.run("() => form.focusFirst()")
    assert first.evaluate("each => each === document.activeElement")
    assert form.complain() == []
    assert form.page.locator("[aria-invalid]").count() == 0
    assert "is wrong" not in form.page.locator("main").inner_text()


MEDIA: dict[str, Any] = {
    "properties": {"sound": URL, "photo": URL, "photos": {"type": "array", "maxItems": 4, "items": URL}},
    "media": {"sound": {"kind": "audio"}, "photo": IMAGE, "photos": IMAGE},
}


@pytest.mark.parametrize("way", ["drop", "paste", "choose"])
def test_a_file_is_dropped_pasted_or_chosen_and_uploaded(form: FormPage, way: str) -> None:
    form.show(**MEDIA)
    files = form.page.get_by_label("Files: photo", exact=True)
    if way == "choose":
        files.set_input_files({"name": "cat.png", "mimeType": "image/png", "buffer": b"x"})
    else:
        assert form.give(way, "main [aria-label='Files: photo']", "cat.png")
    # no model takes what stands there until the file is uploaded
    assert form.value == {"photo": "waiting for cat.png"}
    assert form.settle("/files/uploads/1/cat.png") == "cat.png"
    assert form.value == {"photo": "/files/uploads/1/cat.png"}
    assert form.run("() => JSON.parse(told.at(-1))") == form.value
    shown = form.page.get_by_role("img", name="cat.png")
    assert shown.get_attribute("src") == "/preview/uploads/1/cat.png"
    form.page.get_by_role("button", name="Remove: photo", exact=True).click()
    assert form.value == {} and shown.count() == 0


def test_several_files_become_items_and_a_file_beside_the_fields_goes_where_its_kind_fits(form: FormPage) -> None:
    form.show(**MEDIA)
    assert form.give("drop", "main [aria-label='Files: photos']", "a.png", "b.png")
    assert form.settle("/files/uploads/1/a.png") == "a.png"
    assert form.settle("/files/uploads/2/b.png") == "b.png"
    assert form.value == {"photos": ["/files/uploads/1/a.png", "/files/uploads/2/b.png"]}
    assert form.give("dragover", "main > .form, main > *", "c.png")
    assert form.give("drop", "main > *", "c.png")
    form.settle("/files/uploads/3/c.png")
    assert form.value["photo"] == "/files/uploads/3/c.png"


def test_an_upload_that_fails_says_so_and_leaves_the_value(form: FormPage) -> None:
    form.show(**MEDIA)
    form.run(
        "([input]) => form.fill(input)", {"photo": "https://example.com/a.png", "photos": ["https://example.com/b.png"]}
    )
    before = form.value
    for name in ("photo", "photos"):
        form.give("drop", f"main [aria-label='Files: {name}']", "cat.png")
        assert form.value != before
        form.settle(fault="the file is too large")
        assert form.value == before
        assert "cat.png: the file is too large" in form.page.get_by_role("alert").all_inner_texts()[-1]


def test_an_upload_that_ends_after_the_form_was_filled_again_changes_nothing(form: FormPage) -> None:
    form.show(**MEDIA)
    form.give("drop", "main [aria-label='Files: photo']", "cat.png")
    form.run("([input]) => form.fill(input)", {"photo": "https://example.com/new.png"})
    form.settle("/files/uploads/1/cat.png")
    assert form.value == {"photo": "https://example.com/new.png"}


def test_an_earlier_result_is_picked_or_not(form: FormPage) -> None:
    form.show(**MEDIA)
    form.page.get_by_role("button", name="Earlier result: photos").click()
    assert form.settle("/files/runs/1/original/0.png") == "image"
    assert form.value == {"photos": ["/files/runs/1/original/0.png"]}
    form.page.get_by_role("button", name="Earlier result: sound").click()
    assert form.settle(None) == "audio"
    assert form.value == {"photos": ["/files/runs/1/original/0.png"]}


def test_what_is_not_an_object_fills_nothing(form: FormPage) -> None:
    form.show(**MEDIA)
    for given in ("null", "5", "true", "[]"):
        form.run("([text]) => form.fill(JSON.parse(text))", given)
        assert form.value == {}


def test_a_text_that_is_pasted_stays_a_paste_of_text(form: FormPage) -> None:
    form.show(**MEDIA)
    assert not form.give("paste", "main [aria-label='Files: photo']")


def test_only_what_people_do_is_announced_and_nothing_is_left_after_the_end(form: FormPage) -> None:
    form.show(**MEDIA)
    form.run(
        "() => { form.fill({ photo: 'https://example.com/a.png' }); form.complain([{ path: 'photo', message: 'x' }]); }"
    )
    assert form.run("() => told") == []
    form.give("drop", "main [aria-label='Files: photo']", "cat.png")
    told = form.run("() => told.length")
    globals_ = form.run("() => Object.keys(window)")
    form.run("() => form.destroy()")
    form.settle("/files/uploads/1/cat.png")
    assert form.run("() => told.length") == told
    assert form.page.locator("main").inner_html() == ""
    assert not {"make", "Field", "BODIES"} & set(globals_)
    assert "SchemaForm" in SCRIPT
