"""Presets: what a file may hold, where files are found, and which one is chosen."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie._plans import preset_files
from kie._plans.media_fields import MediaCount
from kie._plans.preset_files import PACKAGED, Found, check, find, load, packaged
from kie._plans.presets import LARGEST, PATTERNS, VARIABLES, Preset, parse
from kie._plans.selection import PRESET_FAULTS, PRESET_PATTERN, PRESET_UNUSED, UNKNOWN_PRESET, pattern_of, select
from kie.errors import ConfigError, PresetInvalid

GOOD = '+++\ntitle = "Watercolour"\n+++\n{{user_prompt}}, in watercolour\n'


def text(head: str = 'title = "Any"', body: str = "{{user_prompt}}") -> str:
    return f"+++\n{head}\n+++\n{body}\n"


def faults_of(content: bytes | str, name: str = "any") -> tuple[str, ...]:
    with pytest.raises(PresetInvalid) as caught:
        parse(content, name, "any.md")
    assert caught.value.source == "any.md"
    assert all(line.startswith("any.md: ") for line in str(caught.value).splitlines())
    return caught.value.faults


def test_a_preset_is_toml_and_a_body() -> None:
    head = 'title = "A"\nkind = "instructions"\npatterns = ["text_to_image"]\nmodels = ["m"]\nfamilies = ["f", "f"]'
    assert parse(text(head, "Say {{ user_prompt }}"), "any", "x") == Preset(
        name="any",
        title="A",
        kind="instructions",
        patterns=("text_to_image",),
        models=("m",),
        families=("f",),
        body="Say {{ user_prompt }}",
        source="x",
    )


@pytest.mark.parametrize(
    "content", [GOOD.encode(), b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()]
)
def test_a_byte_order_mark_and_the_ends_of_lines_of_windows_are_taken(content: bytes) -> None:
    assert parse(content, "any", "x").render("A cat") == "A cat, in watercolour"


def test_a_variable_is_replaced_once_and_a_prompt_that_looks_like_a_template_is_left_alone() -> None:
    preset = parse(text(body="{{model}}: {{user_prompt}} ({{ images }}, {{duration}})"), "any", "x")
    prompt = "{{model}} {{user_prompt}} {% include '/etc/passwd' %} {{7*7}} \\1 \\g<1> $model {model}"
    assert preset.render(prompt, {"model": "{{images}}", "images": 2}) == f"{{{{images}}}}: {prompt} (2, )"


@given(prompt=st.text(), model=st.text(max_size=20))
def test_any_prompt_comes_out_as_it_went_in(prompt: str, model: str) -> None:
    preset = parse(text(body="<{{user_prompt}}> {{model}}"), "any", "x")
    assert preset.render(prompt, {"model": model}) == f"<{prompt}> {model}"


def test_a_value_besides_the_prompt_is_cut() -> None:
    preset = parse(text(body="{{user_prompt}}{{duration}}"), "any", "x")
    assert preset.render("", {"duration": "9" * 1000}) == "9" * 200


def test_a_value_that_is_no_variable_is_ignored() -> None:
    assert parse(text(), "any", "x").render("A cat", {"key": "secret", "user_prompt": "a dog"}) == "A cat"


FAULTS: dict[str, tuple[bytes | str, str]] = {
    "nothing": ("", "is empty"),
    "no fence": ("title = 1\n{{user_prompt}}", "line 1: must be +++, the start of the TOML"),
    "no second fence": ('+++\ntitle = "A"\n{{user_prompt}}', "has no second line +++"),
    "TOML that cannot be read": (text("title = "), "the TOML cannot be read"),
    "TOML nested too deeply": (text("title = " + "[" * 5000), "the TOML cannot be read"),
    "a title of another type": (text("title = 1"), "`title` must be text"),
    "no title": (text(""), "`title` must be one line of text"),
    "a title of two lines": (text('title = "a\\nb"'), "`title` must be one line of text"),
    "an unknown key": (text('title = "A"\npattern = []'), "'pattern' is not known; did you mean patterns?"),
    "an unknown kind": (text('title = "A"\nkind = "code"'), "`kind` must be prompt or instructions"),
    "a kind of another type": (text('title = "A"\nkind = [1]'), "`kind` must be text"),
    "patterns of another type": (text('title = "A"\npatterns = "image"'), "`patterns` must be a list of strings"),
    "numbers as models": (text('title = "A"\nmodels = [1]'), "`models` must be a list of strings"),
    "too many models": (text(f'title = "A"\nmodels = {["m"] * 201}'), "`models` has more than 200 entries"),
    "an unknown pattern": (text('title = "A"\npatterns = ["text_to_imag"]'), "did you mean text_to_image?"),
    "a name of another type": (text('title = "A"\nname = 7'), "`name` must be text"),
    "a name with a path": (text('title = "A"\nname = "../a"'), "is not a name"),
    "no body": ('+++\ntitle = "A"\n+++\n \n', "has no text after the TOML"),
    "no prompt": (text(body="A cat"), "{{user_prompt}} must appear in the text exactly once; it appears 0 times"),
    "the prompt twice": (text(body="{{user_prompt}} {{user_prompt}}"), "it appears 2 times"),
    "an unknown variable": (
        text(body="{{user_prompt}}\n a {{api_key}}"),
        "line 5, column 4: 'api_key' is not a variable",
    ),
    "a misspelt variable": (text(body="{{user_promt}}"), "did you mean user_prompt?"),
    "an expression": (text(body="{{user_prompt}} {{ model.__class__ }}"), "line 4, column 17: {{ begins a variable"),
    "a variable that does not end": (text(body="{{user_prompt}} {{model"), "line 4, column 17: {{ begins a variable"),
    "bytes that are not UTF-8": (GOOD.encode() + b"\xff", "line 5: is not UTF-8"),
    "UTF-16": (GOOD.encode("utf-16"), "is not UTF-8"),
    "a zero byte": (GOOD.replace("water", "wa\0ter"), "contains the control character U+0000"),
    "an escape sequence": (text(body="{{user_prompt}}\x1b[2J"), "line 4: contains the control character U+001B"),
    "too many bytes": (text(body="{{user_prompt}}" + "a" * LARGEST).encode(), "has more than 64 KiB"),
}


@pytest.mark.parametrize(("content", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_with_its_place(content: bytes | str, said: str) -> None:
    assert any(said in fault for fault in faults_of(content)), faults_of(content)


def test_all_faults_of_a_file_are_reported_at_once() -> None:
    found = faults_of(text('title = 1\nkind = "x"\npatterns = ["y"]\nwhat = 1', "{{a}}\n{{b}}"), "No Name")
    assert len(found) == 8
    assert [fault.partition(",")[0] for fault in found if fault.startswith("line")] == ["line 7", "line 8"]


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_anything_is_a_preset_or_one_clear_error(content: bytes | str) -> None:
    for held in (content, GOOD[:30] + content if isinstance(content, str) else GOOD.encode()[:30] + content):
        try:
            assert parse(held, "any", "x").render("A cat")
        except PresetInvalid as error:
            assert error.faults and str(error).isprintable() is not None


def test_the_error_pickles() -> None:
    error = PresetInvalid("a.md", ("one", "two"))
    again = pickle.loads(pickle.dumps(error))
    assert (again.source, again.faults, str(again)) == ("a.md", ("one", "two"), "a.md: one\na.md: two")
    assert isinstance(error, ConfigError)


# Files


def put(folder: Path, name: str, content: str = GOOD) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(content, "utf-8")
    return folder / name


def test_folders_that_are_given_count_more_than_the_users_and_these_more_than_packaged_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    monkeypatch.setenv("KIE_PRESETS", str(mine))
    put(mine, "image.md", text('title = "Mine"'))
    put(mine, "edit.md", text('title = "Mine"'))
    put(theirs, "image.md", text('title = "Theirs"'))
    found = {preset.name: preset.title for preset in find([theirs]).all}
    assert (found["image"], found["edit"]) == ("Theirs", "Mine")
    assert set(found) == set(PACKAGED)


def test_the_users_folder_is_next_to_the_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIE_PRESETS")
    monkeypatch.setenv("KIE_CONFIG", str(tmp_path / "config.toml"))
    assert preset_files.user_folder() == tmp_path / "presets"
    monkeypatch.delenv("KIE_CONFIG")
    own = preset_files.user_folder()
    assert own is not None and own.parts[-2:] == ("kie", "presets")


def test_a_users_folder_that_is_absent_is_no_fault_but_one_that_was_given_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIE_PRESETS", str(tmp_path / "none"))
    assert find() == Found(presets=())
    (fault,) = find([tmp_path / "none"]).faults
    assert fault.source == str(tmp_path / "none")
    assert "cannot be read" in str(fault)


@pytest.mark.skipif(os.name == "nt", reason="needs the links of POSIX")
def test_links_and_pipes_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere", "good.md")
    folder = tmp_path / "presets"
    put(folder, "fine.md")
    (folder / "link.md").symlink_to(tmp_path / "elsewhere" / "good.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "folder.md").mkdir()
    os.mkfifo(folder / "pipe.md")
    found = check(folder)
    assert [preset.name for preset in found.presets] == ["fine"]
    assert [str(fault) for fault in found.faults] == [
        f"{folder / 'folder.md'}: is not a file",
        f"{folder / 'link.md'}: is a symbolic link, and these are not followed; copy the file",
        f"{folder / 'loop.md'}: is a symbolic link, and these are not followed; copy the file",
        f"{folder / 'pipe.md'}: is not a file",
    ]


def test_a_large_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "large.md").open("wb") as file:
        file.truncate(10**12 if os.name != "nt" else 10**6)
    monkeypatch.setattr(os, "open", lambda *given: pytest.fail("it is opened"))
    with pytest.raises(PresetInvalid, match="has more than 64 KiB"):
        load(tmp_path / "large.md")


@pytest.mark.parametrize("path", ["missing.md", "a\0b.md", "x" * 5000])
def test_a_file_that_cannot_be_read_is_one_clear_error(path: str) -> None:
    with pytest.raises(PresetInvalid, match="cannot be read"):
        load(path)
    assert [str(fault) for fault in check(path).faults]


def test_a_path_of_another_type_is_a_config_error() -> None:
    bad: Any = 7
    with pytest.raises(ConfigError, match="must be a path"):
        load(bad)


def test_two_files_with_one_name_are_a_fault_and_the_first_is_used(tmp_path: Path) -> None:
    put(tmp_path, "a.md", text('title = "A"\nname = "same"'))
    put(tmp_path, "same.md", text('title = "B"'))
    found = check(tmp_path)
    assert [preset.title for preset in found.presets] == ["A"]
    assert "has the same name 'same' as a.md, which is used" in str(found.faults[0])


def test_a_folder_is_read_as_far_as_500_files(tmp_path: Path) -> None:
    for number in range(501):
        put(tmp_path, f"p{number:03}.md")
    found = check(tmp_path)
    assert len(found.presets) == 500
    assert "has more than 500 files" in str(found.faults[0])


def test_what_is_no_preset_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, "README.md", "nothing")
    put(tmp_path, ".hidden.md", "nothing")
    put(tmp_path, "notes.txt", "nothing")
    assert check(tmp_path) == Found(presets=())


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = put(tmp_path, "a.md")
    assert load(path).title == "Watercolour"
    put(tmp_path, "a.md", text('title = "Another title"'))
    assert load(path).title == "Another title"


# Packaged ones


def test_the_packaged_presets_are_those_in_the_folder() -> None:
    folder = Path(preset_files.__file__).parent / "preset_texts"
    assert sorted(path.name.removesuffix(".md") for path in folder.iterdir()) == sorted(PACKAGED)
    assert [preset.name for preset in packaged()] == list(PACKAGED)
    assert check(folder).faults == ()


def test_every_pattern_has_a_packaged_preset_of_instructions() -> None:
    assert {pattern for preset in packaged() for pattern in preset.patterns} == set(PATTERNS)
    for preset in packaged():
        assert (preset.kind, preset.models, preset.families) == ("instructions", (), ())


@pytest.mark.parametrize("preset", packaged(), ids=PACKAGED)
def test_a_packaged_preset_renders_for_every_pattern_that_it_names(preset: Preset) -> None:
    assert preset.patterns
    for pattern in preset.patterns:
        values = {name: f"<{name}>" for name in VARIABLES} | {"pattern": pattern}
        rendered = preset.render("A {{cat}}", values)
        assert rendered.endswith("A {{cat}}")
        assert "{{" not in rendered.removesuffix("A {{cat}}")
        assert "<prompt_limit>" in rendered
        assert select("m", (), pattern, enhanced=True).instructions is preset


# Choice


def preset(name: str, **facts: Any) -> Preset:
    return Preset(**{"name": name, "title": name, "body": "{{user_prompt}}!", "source": f"{name}.md", **facts})


def chosen(*presets: Preset, pattern: str | None = "text_to_image", name: str | None = None) -> tuple[str | None, str]:
    found = select("maker/Model-2.0", ("family-2.0", "Family 2.0"), pattern, name=name, found=Found(presets=presets))
    return found.preset.name if found.preset else None, found.source


def test_a_request_counts_more_than_the_model_the_family_and_the_pattern() -> None:
    by_model = preset("by-model", models=("maker/model-2",))
    by_family = preset("by-family", families=("Family 2",))
    other = preset("other", models=("maker/other",))
    assert chosen(other, by_family, by_model) == ("by-model", "model")
    assert chosen(other, by_family) == ("by-family", "family")
    assert chosen(other) == ("image", "pattern")
    assert chosen(other, by_model, name="other") == ("other", "request")
    assert chosen(other, pattern=None) == (None, "none")


def test_a_preset_for_another_pattern_is_not_chosen() -> None:
    video = preset("video", models=("maker/model-2",), patterns=("text_to_video",))
    assert chosen(video) == ("image", "pattern")
    assert chosen(video, pattern="text_to_video") == ("video", "model")


def test_a_preset_that_changes_prompts_is_never_chosen_by_the_pattern_alone() -> None:
    assert chosen(preset("mine", patterns=("text_to_image",)), preset("all")) == ("image", "pattern")


def test_a_preset_of_the_users_for_a_pattern_counts_more_than_the_packaged_one() -> None:
    mine = preset("mine", kind="instructions", patterns=("text_to_image",))
    assert chosen(mine) == ("mine", "pattern")


def test_instructions_are_found_beside_a_preset_for_the_prompt() -> None:
    mine = preset("mine", models=("maker/model-2",))
    found = select("maker/model-2", (), "text_to_image", found=Found(presets=(mine,)))
    assert found.template is mine
    assert found.instructions is not None and found.instructions.name == "image"
    assert found.apply("A cat") == "A cat!"


def test_a_choice_says_why() -> None:
    assert select("m", (), "text_to_image", enhanced=True).reason == "image is for text_to_image"
    assert "only when the prompt is enhanced" in select("m", (), "text_to_image").reason
    assert select("m", (), None).reason == "no preset is for m and this input"
    assert select("m", (), None, name="image").reason == "image was requested"


def test_a_name_that_no_preset_has_is_a_fault_with_similar_names() -> None:
    found = select("m", (), "text_to_image", name="imge")
    assert [(issue.path, issue.rule) for issue in found.faults] == [("preset", UNKNOWN_PRESET)]
    assert "did you mean image?" in str(found.faults[0])
    assert found.preset is None


def test_a_preset_with_faults_is_a_fault_if_it_was_asked_for_and_else_a_warning(tmp_path: Path) -> None:
    put(tmp_path, "mine.md", text(body="{{user_prompt}} {{secret}}"))
    found = find([tmp_path])
    asked, other = (select("m", (), None, name=name, found=found) for name in ("mine", None))
    assert "'secret' is not a variable" in str(asked.faults[0])
    assert other.faults == ()
    assert [issue.rule for issue in other.warnings] == [PRESET_FAULTS]


def test_a_preset_that_is_not_meant_for_this_is_used_with_a_warning() -> None:
    found = select("m", (), "text_to_video", name="image", enhanced=True)
    assert found.preset is not None and found.preset.name == "image"
    assert [issue.rule for issue in found.warnings] == [PRESET_PATTERN]
    assert [issue.rule for issue in select("m", (), "text_to_image", name="image").warnings] == [PRESET_UNUSED]


@pytest.mark.parametrize(
    ("modes", "media", "kind", "pattern"),
    [
        (["text-to-image", "image-edit"], {}, "image", "text_to_image"),
        (["text_to_image", "image_edit"], {"images": 2}, "image", "image_edit"),
        (["image_to_image"], {"images": 1}, "image", "image_edit"),
        (["text_to_video"], {}, "video", "text_to_video"),
        (["image_to_video"], {"images": 1, "roles": {"first_frame"}}, "video", "image_to_video"),
        (["image_to_video"], {"images": 2, "roles": {"first_frame", "last_frame"}}, "video", "first_and_last_frame"),
        (["text_to_video", "reference_to_video"], {"images": 2, "audios": 1}, "video", "reference_to_video"),
        (["image_to_video"], {"images": 1, "videos": 1}, "video", None),
        (["motion_control"], {"images": 1, "videos": 1}, "video", "motion_control"),
        (["text-to-speech", "dialogue"], {}, "audio", "text_to_speech"),
        (["text_to_music"], {}, "music", "text_to_music"),
        (["upscale"], {"images": 1}, "image", None),
        (["stems"], {"audios": 1}, "audio", None),
        ([], {}, "json", None),
    ],
)
def test_the_pattern_follows_from_what_was_given(
    modes: list[str], media: dict[str, Any], kind: str, pattern: str | None
) -> None:
    given = MediaCount(**{**media, "roles": frozenset(media.get("roles", ()))})
    assert pattern_of(modes, given, kind=kind) == pattern
    assert pattern_of(modes, given, kind=kind, multi_shot=True) == "multi_shot"
