# SPDX-License-Identifier: Apache-2.0
"""[descriptor] of job.toml: where its fields lie, and which of them an opcode and its options use.

    words    what each word is, in words             fields   [{ name, word, bits, doc, use }]
    use      a value of the enumeration USE: the field is zero unless that is used; without one it is used always

Fields may share bits if no opcode uses both. What no field covers is zero.
"""
from .registers import parse_bits
from .text import MapError, camel


def load(m, known, path):
    """Checks fields and uses, and fills in where they lie."""
    where = f"{path}: descriptor"
    uses = {v["name"] for v in known["USE"]["values"]}
    words = next(k["value"] for k in m["constant"] if k["name"] == "DESCRIPTOR_WORDS")
    fields = m["descriptor"]["fields"]
    if len(m["descriptor"]["words"]) != words or len({f["name"] for f in fields}) != len(fields):
        raise MapError(f"{where}: it has {words} words, and fields of different names")
    for f in fields:
        f["hi"], f["lo"] = parse_bits(f["bits"], f"{where}: {f['name']}")
        f["width"] = f["hi"] - f["lo"] + 1
        f["mask"] = ((1 << f["width"]) - 1) << f["lo"]
        if f["word"] not in range(words) or f.get("use", "A") not in uses:
            raise MapError(f"{where}: {f['name']}: no word {f['word']}, or no use {f.get('use')}")
    options = known["OPTION"]["values"]
    for v in [*m["opcode"], *options]:
        if unknown := set(v.setdefault("uses", [])) - uses:
            raise MapError(f"{where}: {v['name']}: no uses {sorted(unknown)}")
    for o in m["opcode"]:
        used = {u for v in [o, *(v for v in options if v["name"] in o["options"])] for u in v["uses"]}
        taken = [0] * words
        for f in (f for f in fields if f.get("use") is None or f["use"] in used):
            if taken[f["word"]] & f["mask"]:
                raise MapError(f"{where}: {o['name']} uses {f['name']} and another field of the same bits")
            taken[f["word"]] |= f["mask"]
        if any(f"FORMAT_{x}" in used and x not in used for x in "ABD"):
            raise MapError(f"{where}: {o['name']} uses the format of a matrix that it does not use")
    if lost := uses - {u for v in [*m["opcode"], *options] for u in v["uses"]}:
        raise MapError(f"{where}: nothing uses {sorted(lost)}")
    if idle := uses - {f.get("use") for f in fields}:
        raise MapError(f"{where}: no field for {sorted(idle)}")


def parts(m, word):
    """The word, from bit 0 up, as (hi, lo, uses): each with one of them is the part used; None stands for always."""
    fields = [f for f in m["descriptor"]["fields"] if f["word"] == word]
    covers = [tuple(dict.fromkeys(f.get("use") for f in fields if f["mask"] >> bit & 1)) for bit in range(32)]
    lo = 0
    for bit in range(1, 33):
        if bit == 32 or covers[bit] != covers[lo]:
            yield bit - 1, lo, covers[lo]
            lo = bit


def options_with_uses(known):
    return [v for v in known["OPTION"]["values"] if v["uses"]]


def sv_use(m, known, use):
    """When it is used: by few opcodes, by all but a few, or with an option."""
    def any_of(opcodes):
        terms = [f"op == hb_job_pkg::Op{camel(o['name'])}" for o in opcodes]
        return " || ".join(f"(net && {t})" if o.get("link") else t for o, t in zip(opcodes, terms))
    those = [o for o in m["opcode"] if use in o["uses"]]
    others = [o for o in m["opcode"] if use not in o["uses"]]
    text = any_of(those) if len(those) <= len(others) else f"!({any_of(others)})"
    options = [v["name"].lower() for v in options_with_uses(known) if use in v["uses"]]
    return " || ".join(([text] if those else []) + options)


def to_sv(m, known):
    bits = (len(m["descriptor"]["words"]) - 1).bit_length()
    yield from ["", "// Fields of a descriptor: word, lowest bit, number of bits."]
    for f in m["descriptor"]["fields"]:
        name = "Desc" + camel(f["name"])
        yield f"localparam logic [{bits - 1}:0] {name}Word = {bits}'d{f['word']};  // {f['doc']}"
        yield f"localparam int unsigned {name}Lsb = {f['lo']};"
        yield f"localparam int unsigned {name}Bits = {f['width']};"
    options = "".join(f", input logic {v['name'].lower()}" for v in options_with_uses(known))
    uses = known["USE"]["values"]
    yield from ["", "// What an opcode and its options use. Of no opcode: anything.",
                f"function automatic logic [{len(uses) - 1}:0] uses_of(input logic [7:0] op{options}, input logic net);"]
    yield from [f"  uses_of[hb_job_pkg::Use{camel(v['name'])}] = {sv_use(m, known, v['name'])};" for v in uses]
    yield from ["endfunction", "", "// Whether a word has bits that are not used. The options of word 0 are not looked at.",
                f"function automatic logic surplus(input logic [{bits - 1}:0] index, input logic [31:0] word, input logic [{len(uses) - 1}:0] uses);",
                "  unique case (index)"]
    words = len(m["descriptor"]["words"])
    alike = {}
    for word in range(words):
        terms = [sv_surplus(*part) for part in parts(m, word) if None not in part[2] and not (word == 0 and part[0] == 31)]
        alike.setdefault(" || ".join(terms) or "1'b0", []).append(word)
    for text, numbers in alike.items():
        labels = ", ".join(f"{bits}'d{n}" for n in numbers)
        yield f"    {labels}: surplus = {text};"
    yield from ["  endcase", "endfunction"]


def sv_surplus(hi, lo, uses):
    word = "word" if hi - lo == 31 else f"word[{hi}:{lo}]" if hi > lo else f"word[{lo}]"
    used = [f"uses[hb_job_pkg::Use{camel(u)}]" for u in uses]
    return f"({word} != '0" + (f" && !{used[0]})" if len(used) == 1 else f" && !({' || '.join(used)}))" if used else ")")


def to_c(m):
    yield from ["", "// Fields of a descriptor: word, lowest bit, number of bits, and these in their place."]
    for f in m["descriptor"]["fields"]:
        yield f"#define JOB_{f['name']}_WORD {f['word']}u  // {f['doc']}"
        yield f"#define JOB_{f['name']}_LSB {f['lo']}u"
        yield f"#define JOB_{f['name']}_BITS {f['width']}u"
        yield f"#define JOB_{f['name']}_MASK 0x{f['mask']:08X}u"
    yield from ["// A field of the text of its word, and of all the words.",
                "#define JOB_FIELD_IN(text, field) (((text) & JOB_##field##_MASK) >> JOB_##field##_LSB)",
                "#define JOB_FIELD(words, field) JOB_FIELD_IN((words)[JOB_##field##_WORD], field)"]


def to_cpp(m, known):
    use = lambda f: f"use_{f['use'].lower()}_mask" if "use" in f else "0"  # noqa: E731
    yield from ["", "/// The words of a descriptor, in words.", "inline constexpr std::string_view word_names[] = {"]
    yield from [f"    \"{text}\"," for text in m["descriptor"]["words"]]
    yield from ["};", "", "/// Fields of a descriptor.", "namespace field {"]
    yield from [f"inline constexpr Field {f['name'].lower()}{{{f['word']}, {f['lo']}, {f['width']}, {use(f)}}};  ///< {f['doc']}"
                for f in m["descriptor"]["fields"]]
    yield from ["inline constexpr Field all[] = {" + ", ".join(f["name"].lower() for f in m["descriptor"]["fields"]) + "};",
                "}  // namespace field", "", "/// What an opcode and the options of word 0 use; 0: no opcode.",
                "constexpr std::uint32_t uses_of(Opcode opcode, std::uint32_t word0) {", "  std::uint32_t uses = 0;"]
    yield from [f"  if ((word0 & option_{v['name'].lower()}_mask) != 0) uses |= " + " | ".join(f"use_{u.lower()}_mask" for u in v["uses"]) + ";"
                for v in options_with_uses(known)]
    yield "  switch (opcode) {"
    yield from [f"    case Opcode::{o['name'].lower()}: return uses | " + " | ".join(f"use_{u.lower()}_mask" for u in o["uses"]) + ";"
                if o["uses"] else f"    case Opcode::{o['name'].lower()}: return uses;" for o in m["opcode"]]
    yield from ["  }", "  return 0;", "}"]


def to_md(m):
    yield from ["", "**Descriptor**: a field is zero unless the opcode, or one of its options, uses it.", "",
                "| word | | bits | field | used with | meaning |", "|---|---|---|---|---|---|"]
    for f in m["descriptor"]["fields"]:
        yield f"| {f['word']} | {m['descriptor']['words'][f['word']]} | {f['bits']} | {f['name']} | {f.get('use', 'always')} | {f['doc']} |"
